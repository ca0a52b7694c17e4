/** What the process uses of the machine. */
export interface Resources {
  readonly residentBytes: number;
  readonly heapBytes: number;
  /** User and system time since the start. */
  readonly cpuSeconds: number;
  readonly uptimeSeconds: number;
}
