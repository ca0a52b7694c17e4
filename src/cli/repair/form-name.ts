import type { AssetKind } from '../../domain.ts';
import type { SubmittedForm } from '../../store/moves.ts';
import { thereAre } from '../words.ts';

/** Finds a form by its id or its exact name among those that were submitted; else says what there is. */
export function formNamed(
  forms: readonly SubmittedForm[],
  kind: AssetKind,
  name: string,
): { readonly form: string } | { readonly problem: string } {
  const words = kind.replace('_', ' ');
  const ofKind = forms.filter(({ form }) => form.startsWith(`${kind}:`));
  const byId = ofKind.find(({ form }) => form === `${kind}:${name}`);
  if (byId) return { form: byId.form };
  const [first, ...others] = ofKind.filter((each) => each.name === name);
  if (first && others.length === 0) return { form: first.form };
  if (first) {
    const ids = [first, ...others].map(({ form }) => form.slice(kind.length + 1));
    return { problem: `several have the name "${name}": give one of the ids ${ids.join(', ')}` };
  }
  const known = ofKind.map((each) => `${each.form.slice(kind.length + 1)}  ${each.name ?? ''}`.trimEnd());
  return { problem: `no submission of ${words} ${name} was seen; ${thereAre(known)}` };
}
