import type { ImportColumn, PardotImportsClient } from '../clients/pardot-imports.ts';
import type { Call, WorkClass } from '../domain.ts';
import type { CarriedEffect } from '../store/carried.ts';
import type { Effect, EffectKind } from '../store/effects.ts';
import type { ApplyParts } from './apply.ts';

export interface ImportParts extends ApplyParts {
  readonly pardotImports: PardotImportsClient;
  /** From so many due effects of one session on they go by import; 0 means never. */
  readonly importFrom: number;
}

/** Where an import stands; what its effect has to know to go on, after a restart too. */
export type ImportStep =
  | { readonly step: 'create' }
  | { readonly step: 'upload' | 'submit'; readonly importId: number }
  | {
      readonly step: 'await';
      readonly importId: number;
      readonly submittedAtMs: number;
      readonly looks: number;
    }
  | {
      readonly step: 'confirm';
      readonly importId: number;
      /** When the import was made; the vendor's time. */
      readonly madeAtMs: number;
      readonly hasErrors: boolean;
      readonly looks: number;
    };

export type ConfirmStep = Extract<ImportStep, { step: 'confirm' }>;

/** What an import makes of single effects of one kind. */
export interface ImportTable {
  /** The first is the match column. */
  readonly columns: readonly ImportColumn[];
  /** The row of one effect; null when it has to be sent singly. */
  readonly rowOf: (effect: Effect) => readonly string[] | null;
}

/** What became of the effects whose rows were applied. */
export interface Confirmation {
  /** `record` writes what follows, in the transaction that ends the effect. */
  readonly done: readonly { readonly effect: CarriedEffect; readonly record: () => void }[];
  /** To be finished by single calls. */
  readonly single: readonly CarriedEffect[];
  /** Not to be seen yet. */
  readonly missing: readonly CarriedEffect[];
}

/** One kind of import and the single effects that it takes along. */
export interface ImportKind {
  readonly kind: EffectKind;
  readonly carries: EffectKind;
  readonly work: WorkClass;
  readonly createOnNoMatch: boolean;
  /** How long reads may not show what the import wrote. */
  readonly lagMs: number;
  /** What the match column of an effect's row holds, in lower case. */
  readonly matchOf: (effect: CarriedEffect) => string;
  /** null while the session lacks what rows are made of. */
  readonly table: (sessionId: string, effects: Iterable<Effect>) => ImportTable | null;
  readonly confirm: (
    applied: readonly CarriedEffect[],
    sessionId: string,
    step: ConfirmStep,
    call: Call,
  ) => Promise<Confirmation>;
}
