import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

/** AWS Signature Version 4, for requests that no SDK client sends. The only file that knows the library. */

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Node's own SHA-256 in the shape that the library asks for; with a secret, it is an HMAC. */
class Sha256 {
  readonly #start: () => Hash | Hmac;
  #state: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    const key = secret === undefined || typeof secret === 'string' ? secret : bytesOf(secret);
    this.#start = () => (key === undefined ? createHash('sha256') : createHmac('sha256', key));
    this.#state = this.#start();
  }

  update(chunk: Uint8Array): void {
    this.#state.update(chunk);
  }

  async digest(): Promise<Uint8Array> {
    return this.#state.digest();
  }

  reset(): void {
    this.#state = this.#start();
  }
}

const bytesOf = (data: ArrayBuffer | ArrayBufferView): Uint8Array =>
  ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);

export interface Signable {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface SignOptions {
  readonly credentials: Credentials | (() => Promise<Credentials>);
  readonly region: string;
  readonly service: string;
  readonly at: Date;
}

/** @returns All headers to send: those given, and the signature over every one of them. */
export async function signedHeaders(request: Signable, options: SignOptions): Promise<Record<string, string>> {
  const { method, url, headers, body } = request;
  const { credentials, region, service, at } = options;
  const signer = new SignatureV4({ credentials, region, service, sha256: Sha256, applyChecksum: false });
  const query = Object.fromEntries(
    [...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name)]),
  );
  const { hostname, pathname: path, protocol } = url;
  const signed = await signer.sign(
    { method, protocol, hostname, path, query, headers: { ...headers }, body: body.length > 0 ? body : undefined },
    { signingDate: at },
  );
  return signed.headers;
}
