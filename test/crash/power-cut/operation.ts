/** What the daemon did to its state file, in the order in which the kernel was asked for it. Names without folder. */
export type Operation =
  | { readonly kind: 'create' | 'unlink' | 'sync'; readonly file: string }
  | { readonly kind: 'write'; readonly file: string; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly file: string; readonly size: number }
  /** The folder itself: its entries are on disk. */
  | { readonly kind: 'sync folder' }
  /** A commit has returned; `digest` is that of the content it left. */
  | { readonly kind: 'acknowledged'; readonly digest: string };
