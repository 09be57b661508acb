/** The smallest files that are what they say, for tests. */

const office = 'application/vnd.openxmlformats-officedocument';

const box = (brand: string): Buffer =>
  Buffer.concat([Buffer.from([0, 0, 0, 20]), Buffer.from(`ftyp${brand}`), Buffer.alloc(4), Buffer.from(brand)]);

function webp(chunk: string, flags = 0): Buffer {
  const body = Buffer.concat([Buffer.from(`WEBP${chunk}`), Buffer.from([10, 0, 0, 0, flags]), Buffer.alloc(32)]);
  const size = Buffer.alloc(4);
  size.writeUInt32LE(body.length);
  return Buffer.concat([Buffer.from('RIFF'), size, body]);
}

/** A frame of MPEG sound: layer III, 128 kbit/s, 44.1 kHz. */
const mpegFrame = Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x64]), Buffer.alloc(413)]);

function ogg(): Buffer {
  const head = Buffer.alloc(28);
  head.write('OggS');
  head[5] = 2;
  head[26] = 1;
  head[27] = 19;
  return Buffer.concat([head, Buffer.from('OpusHead'), Buffer.alloc(11, 1)]);
}

/** Empty files under these names, stored. */
export function zip(names: readonly string[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const name of names) {
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    files.push(local, Buffer.from(name));
    directory.push(entry, Buffer.from(name));
    at += local.length + name.length;
  }
  const end = Buffer.alloc(22);
  const listed = Buffer.concat(directory);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(names.length, 8);
  end.writeUInt16LE(names.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, listed, end]);
}

const NONE = 0xffff_ffff;

/** A compound file: table, then a directory in two sectors that do not follow each other, with this stream under the root. */
export function oldOffice(stream: string, embedded: readonly string[] = []): Buffer {
  const header = Buffer.alloc(512, 0xff);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header);
  header.fill(0, 8, 24);
  header.writeUInt16LE(0x3e, 24);
  header.writeUInt16LE(3, 26);
  header.writeUInt16LE(0xfffe, 28);
  header.writeUInt16LE(9, 30);
  header.writeUInt16LE(6, 32);
  header.fill(0, 34, 44);
  header.writeUInt32LE(1, 44);
  header.writeUInt32LE(1, 48);
  header.writeUInt32LE(0, 52);
  header.writeUInt32LE(4_096, 56);
  header.writeUInt32LE(NONE - 1, 60);
  header.writeUInt32LE(0, 64);
  header.writeUInt32LE(NONE - 1, 68);
  header.writeUInt32LE(0, 72);
  header.writeUInt32LE(0, 76);
  const table = Buffer.alloc(512, 0xff);
  for (const [index, next] of [NONE - 2, 3, NONE - 1, NONE - 1].entries()) table.writeUInt32LE(next, index * 4);
  const entry = (name: string, { left = NONE, right = NONE, child = NONE } = {}): Buffer => {
    const bytes = Buffer.alloc(128);
    bytes.write(name, 0, 'utf16le');
    bytes.writeUInt16LE(name.length * 2 + 2, 64);
    bytes.writeUInt32LE(left, 68);
    bytes.writeUInt32LE(right, 72);
    bytes.writeUInt32LE(child, 76);
    return bytes;
  };
  // Root, a storage with what is embedded, and, in the second sector, the stream as the storage's sibling.
  const inner = embedded.length > 0 ? { child: 2 } : {};
  const first = [
    entry('Root Entry', { child: 1 }),
    entry('ObjectPool', { right: 4, ...inner }),
    entry(embedded[0] ?? ''),
    entry(''),
  ];
  const second = [entry(stream), entry(''), entry(''), entry('')];
  return Buffer.concat([header, table, ...first, Buffer.alloc(512), ...second]);
}

/** By a name that fits: the bytes, and what they are. */
export const samples: Readonly<Record<string, readonly [bytes: Buffer, mimeType: string]>> = {
  'photo.jpg': [
    Buffer.concat([Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'), Buffer.alloc(64)]),
    'image/jpeg',
  ],
  'photo.png': [
    Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    ),
    'image/png',
  ],
  'sticker.webp': [webp('VP8 '), 'image/webp'],
  'moving.webp': [webp('VP8X', 0b10), 'image/webp'],
  'film.mp4': [box('isom'), 'video/mp4'],
  'film.3gp': [box('3gp5'), 'video/3gpp'],
  'sound.mp3': [Buffer.concat([mpegFrame, mpegFrame]), 'audio/mpeg'],
  'sound.ogg': [ogg(), 'audio/ogg'],
  'sound.amr': [Buffer.from('#!AMR\n\x3c\x00', 'latin1'), 'audio/amr'],
  'sound.aac': [Buffer.from('fff15080027ffc', 'hex'), 'audio/aac'],
  'sound.m4a': [box('M4A '), 'audio/mp4'],
  'paper.pdf': [Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n', 'latin1'), 'application/pdf'],
  'paper.txt': [Buffer.from('Grüße,\r\n\tund bis bald 👋\n'), 'text/plain'],
  'paper.doc': [oldOffice('WordDocument'), 'application/msword'],
  'paper.xls': [oldOffice('Workbook'), 'application/vnd.ms-excel'],
  'paper.ppt': [oldOffice('PowerPoint Document'), 'application/vnd.ms-powerpoint'],
  'paper.docx': [zip(['[Content_Types].xml', 'word/document.xml']), `${office}.wordprocessingml.document`],
  'paper.xlsx': [zip(['docProps/app.xml', 'xl/workbook.xml', '[Content_Types].xml']), `${office}.spreadsheetml.sheet`],
  'paper.pptx': [zip(['[Content_Types].xml', 'ppt/presentation.xml']), `${office}.presentationml.presentation`],
};
