import type { SessionLink } from '../store/links.ts';
import type { KnownSession } from '../store/sessions.ts';

/** `loses`: people who submit are not registered. `warning`: they are, but something is amiss. `note`: to know. */
export type Severity = 'loses' | 'warning' | 'note';

export interface Warning {
  readonly severity: Severity;
  readonly kind:
    | 'no_campaign'
    | 'campaign_unlinked'
    | 'session_closed'
    | 'landing_page_differs'
    | 'field_unmapped'
    | 'field_never_filled'
    | 'several_forms'
    | 'no_form'
    | 'not_published'
    | 'link_incomplete';
  readonly form: string | null;
  readonly sessionId: string | null;
  readonly text: string;
}

/** One form, form handler or landing page, where it leads, and what came through it. */
export interface FormRoute {
  /** `form:ID`, `form_handler:ID` or `landing_page:ID`. */
  readonly form: string;
  readonly name: string;
  readonly campaignId: number | null;
  readonly campaignName: string | null;
  /** Of a landing page: the form in it, and that form's campaign. */
  readonly inner: { readonly form: string; readonly campaignId: number | null } | null;
  readonly submissions: number;
  readonly lastAtMs: number | null;
  /** Since the session it leads to was closed. */
  readonly sinceClosed: number;
  /** Whether it ever led to a session. */
  readonly ledSomewhere: boolean;
  /** Pardot fields that none of its newest submissions has; null when too few were seen. */
  readonly neverFilled: ReadonlySet<string> | null;
  /** The session it leads to. */
  readonly target: LinkTarget | null;
}

export interface LinkTarget {
  readonly session: KnownSession;
  readonly link: SessionLink;
}

export interface LintFacts {
  readonly routes: readonly FormRoute[];
  /** Every session with a link. */
  readonly targets: readonly LinkTarget[];
  /** Livestorm field → Pardot field. */
  readonly mapping: ReadonlyMap<string, string>;
}
