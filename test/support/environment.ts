/**
 * The environment for programs that are started: without measuring what they cover, which is covered in this process
 * too, and would be written even to a disk that is full on purpose. Named, not left out: Node hands it down otherwise.
 */
export function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...more, NODE_V8_COVERAGE: '' };
}
