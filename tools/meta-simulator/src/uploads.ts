/** A file on its way, piece by piece. */
export interface Upload {
  readonly id: string;
  readonly file_name: string;
  readonly file_length: number;
  readonly file_type: string;
  readonly pieces: Buffer[];
  offset: number;
}

/** Files that were given to Meta as samples of templates, by the handle it gave back. */
export interface Sample {
  readonly file_type: string;
  readonly bytes: Buffer;
}

/** The types of files that fit a header, by its format. */
const fitting: Readonly<Record<string, RegExp>> = {
  IMAGE: /^image\//,
  VIDEO: /^video\//,
  GIF: /^video\/mp4$/,
  DOCUMENT: /^application\/pdf$/,
};

export type Uploads = ReturnType<typeof createUploads>;

/** Resumable uploads, and the handles of those that are complete. */
export function createUploads() {
  const open = new Map<string, Upload>();
  const samples = new Map<string, Sample>();
  return {
    begin(upload: Omit<Upload, 'pieces' | 'offset'>) {
      open.set(upload.id, { ...upload, pieces: [], offset: 0 });
    },
    find: (id: string) => open.get(id),
    /** Adds a piece; the handle when that was the last one. */
    append(upload: Upload, piece: Buffer): string | undefined {
      upload.pieces.push(piece);
      upload.offset += piece.length;
      if (upload.offset < upload.file_length) return undefined;
      const name = Buffer.from(upload.file_name).toString('base64');
      const handle = `4::${Buffer.from(upload.file_type).toString('base64')}:${name}:${upload.id}`;
      samples.set(handle, { file_type: upload.file_type, bytes: Buffer.concat(upload.pieces) });
      return handle;
    },
    /** Whether this is the handle of a file that fits a header of that format. */
    isSample: (handle: string, format: string): boolean => {
      const sample = samples.get(handle);
      return sample !== undefined && (fitting[format]?.test(sample.file_type) ?? false);
    },
  };
}
