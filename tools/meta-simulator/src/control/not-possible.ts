/** A request of the control API that cannot be met. */
export class NotPossible extends Error {
  override readonly name = 'NotPossible';
  readonly http: number;

  constructor(message: string, http = 404) {
    super(message);
    this.http = http;
  }
}
