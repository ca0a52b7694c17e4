import { type Html, html } from '../html.ts';
import { section, type Visitor } from './shell.ts';

/** The search by address, or how to get to it. */
export function findSection(visitor: Visitor): Html {
  return section('person', 'Find a person', FORMS[visitor]);
}

export const SEARCH_FORM = html`<form method="post" action="/person"><label>E-mail address<input name="email" type="email" required autocomplete="off" spellcheck="false" maxlength="320"></label><button>Show what happened</button></form>`;

const FORMS: Readonly<Record<Visitor, Html>> = {
  without_token: html`<p>What is about people is shown only when the configuration has a token (<code>status.token</code>). On the server, this tells the same:</p>
<p><code>livestorm-pardot why ADDRESS</code></p>`,
  unknown: html`<p>What is about people is shown to whoever knows the token of the configuration (<code>status.token</code>).</p>
<form method="post" action="/login"><input name="user" value="status" autocomplete="username" hidden><label>Token<input name="token" type="password" required autocomplete="current-password"></label><button>Log in</button></form>`,
  known: html`<p>Everything that is known of one person: submissions, decisions, registrations, attendance, and what happens next.</p>
${SEARCH_FORM}
<form method="post" action="/logout"><button class="second">Log out</button></form>`,
};
