/** Office files are containers that look alike from outside; what is in them tells them apart. */

/** Bytes of a file from a place on; fewer at its end. */
export type ReadAt = (from: number, length: number) => Promise<Uint8Array>;

const office = 'application/vnd.openxmlformats-officedocument';
/** By the part that makes it what it is. */
const newOffice: readonly (readonly [part: string, mimeType: string])[] = [
  ['word/document.xml', `${office}.wordprocessingml.document`],
  ['xl/workbook.xml', `${office}.spreadsheetml.sheet`],
  ['xl/workbook.bin', 'application/vnd.ms-excel.sheet.binary.macroenabled.12'],
  ['ppt/presentation.xml', `${office}.presentationml.presentation`],
];

const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;
/** Directories of documents are small; more than this is not one. */
const LONGEST_DIRECTORY = 4 * 1_048_576;

/** By the directory at the end of a zip file. One with macros is another type, and not sent. */
export async function newOfficeType(readAt: ReadAt, size: number): Promise<string | undefined> {
  const tailFrom = Math.max(0, size - END_BYTES - LONGEST_COMMENT);
  const tail = await readAt(tailFrom, size - tailFrom);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  let end = tail.length - END_BYTES;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1;
  if (end < 0) return undefined;
  const [length, from] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
  if (length > LONGEST_DIRECTORY || from + length > size) return undefined;
  const names = namesIn(await readAt(from, length));
  if (!names.has('[Content_Types].xml')) return undefined;
  if ([...names].some((name) => /vbaproject\.bin$/i.test(name))) return 'application/vnd.ms-office.macroenabled';
  return newOffice.find(([part]) => names.has(part))?.[1];
}

function namesIn(directory: Uint8Array): Set<string> {
  const view = new DataView(directory.buffer, directory.byteOffset, directory.byteLength);
  const names = new Set<string>();
  for (let at = 0; at + 46 <= directory.length && view.getUint32(at, true) === 0x02014b50;) {
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [
      number,
      number,
      number,
    ];
    names.add(latin(directory.subarray(at + 46, at + 46 + name)));
    at += 46 + name + extra + comment;
  }
  return names;
}

/** By the stream under the root of a compound file ([MS-CFB]). */
const oldOffice: Readonly<Record<string, string>> = {
  WordDocument: 'application/msword',
  Workbook: 'application/vnd.ms-excel',
  Book: 'application/vnd.ms-excel',
  'PowerPoint Document': 'application/vnd.ms-powerpoint',
};

const ENTRY_BYTES = 128;
const NONE = 0xffff_ffff;
/** The root has few children; a directory beyond this is not followed. */
const MOST_SECTORS = 512;

/** Walks the children of the root only: a document may have others embedded in it, with the same names deeper down. */
export async function oldOfficeType(readAt: ReadAt, size: number): Promise<string | undefined> {
  const header = await readAt(0, 512);
  if (header.length < 512) return undefined;
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const sectorBytes = 2 ** view.getUint16(30, true);
  if (sectorBytes !== 512 && sectorBytes !== 4_096) return undefined;
  const sector = (id: number): Promise<Uint8Array> => readAt((id + 1) * sectorBytes, sectorBytes);
  const next = nextSector(view, sectorBytes, sector);

  const parts: Uint8Array[] = [];
  for (let id = view.getUint32(48, true); id < size / sectorBytes && parts.length < MOST_SECTORS;) {
    parts.push(await sector(id));
    id = await next(id);
  }
  const entries = parts.flatMap((part) => entriesIn(part));
  const found = childrenOf(entries).find((name) => name in oldOffice);
  return found === undefined ? undefined : oldOffice[found];
}

/** Where a chain goes on; the first 109 sectors of the table are named in the header, which covers 7 MB, others by a chain. */
function nextSector(
  header: DataView,
  sectorBytes: number,
  sector: (id: number) => Promise<Uint8Array>,
): (id: number) => Promise<number> {
  const perSector = sectorBytes / 4;
  const inHeader = 109;
  const known = new Map<number, Uint8Array>();
  const load = async (id: number): Promise<DataView> => {
    const bytes = known.get(id) ?? (await sector(id));
    if (known.size < MOST_SECTORS) known.set(id, bytes);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  const entry = (view: DataView, index: number): number =>
    index * 4 + 4 <= view.byteLength ? view.getUint32(index * 4, true) : NONE;

  async function tableSector(index: number): Promise<number> {
    if (index < inHeader) return header.getUint32(76 + index * 4, true);
    let at = header.getUint32(68, true);
    let left = index - inHeader;
    for (let steps = 0; at < NONE - 1 && steps < MOST_SECTORS; steps += 1, left -= perSector - 1) {
      const view = await load(at);
      if (left < perSector - 1) return entry(view, left);
      at = entry(view, perSector - 1);
    }
    return NONE;
  }

  return async (id) => {
    const table = await tableSector(Math.floor(id / perSector));
    return table >= NONE - 5 ? NONE : entry(await load(table), id % perSector);
  };
}

interface Entry {
  readonly name: string;
  readonly left: number;
  readonly right: number;
  readonly child: number;
}

function entriesIn(sector: Uint8Array): Entry[] {
  const view = new DataView(sector.buffer, sector.byteOffset, sector.byteLength);
  const entries: Entry[] = [];
  for (let at = 0; at + ENTRY_BYTES <= sector.length; at += ENTRY_BYTES) {
    const length = Math.max(0, Math.min(64, view.getUint16(at + 64, true)) - 2);
    const name = Array.from({ length: length / 2 }, (_, index) =>
      String.fromCharCode(view.getUint16(at + index * 2, true)),
    ).join('');
    const [left, right, child] = [68, 72, 76].map((field) => view.getUint32(at + field, true)) as [
      number,
      number,
      number,
    ];
    entries.push({ name, left, right, child });
  }
  return entries;
}

/** Siblings are kept as a binary tree. */
function childrenOf(entries: readonly Entry[]): string[] {
  const names: string[] = [];
  const seen = new Set<number>();
  const open = [entries[0]?.child ?? NONE];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const entry = entries[id];
    if (!entry || seen.has(id)) continue;
    seen.add(id);
    names.push(entry.name);
    open.push(entry.left, entry.right);
  }
  return names;
}

const latin = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
