/** Texts that must not turn up anywhere, and a search that also knows them encoded, escaped and in another case. */
export class Canaries {
  readonly #kinds = new Map<string, string>();

  add(kind: string, value: string): string {
    this.#kinds.set(value, kind);
    return value;
  }

  get size(): number {
    return this.#kinds.size;
  }

  count(kind: string): number {
    return [...this.#kinds.values()].filter((each) => each === kind).length;
  }

  /** `kind: canary` for each one that the text holds in any spelling. */
  foundIn(text: string): string[] {
    const plain = readings(text).map((reading) => reading.toLowerCase());
    return [...this.#kinds]
      .filter(
        ([canary]) =>
          plain.some((reading) => reading.includes(canary.toLowerCase())) ||
          base64Of(canary).some((encoded) => text.includes(encoded)),
      )
      .map(([canary, kind]) => `${kind}: ${canary}`);
  }
}

/** The text as it stands, and as it reads once escapes of URLs, JSON and HTML are undone, up to three deep. */
function readings(text: string): string[] {
  const all = [text];
  for (let depth = 0; depth < 3; depth++) all.push(undoEscapes(all.at(-1) ?? ''));
  return [...new Set(all)];
}

function undoEscapes(text: string): string {
  return text
    .replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll('\\n', '\n')
    .replaceAll(/\\(["\\/])/g, '$1');
}

function base64Of(text: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    const encoded = bytes.toString('base64').replace(/=+$/, '');
    const own = encoded.slice(before === 0 ? 0 : before + 1, -1);
    return [own, own.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
