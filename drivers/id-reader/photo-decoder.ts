import { type ChildProcess, spawn } from 'node:child_process'
import { Personal } from '../personal.ts'
import { type PictureType, pictureType } from './picture-type.ts'

export type DecodedPhoto =
  | { ok: true; picture: Personal<Uint8Array>; mediaType: PictureType }
  | { ok: false; fault: PhotoFault }

export type PhotoFault =
  | 'no-decoder' // none is configured
  | 'cannot-start' // the program is missing or may not be run
  | 'failed' // it ended with an error
  | 'too-slow' // it was killed at the deadline
  | 'too-large' // it was killed when its output had no end
  | 'no-picture' // what it wrote is no whole PNG, JPEG or BMP
  | 'closed' // the reader was closed meanwhile

/** A card's photo takes a decoder some 20 ms; a citizen does not wait longer than this for a picture. */
const DECODER_DEADLINE_MS = 3000
/** 102 × 126 dots are 39 kB as BMP; four times as many dots each way would still fit. */
const MAX_PICTURE_BYTES = 1024 * 1024
/** All that a decoder is told of this machine: nothing that names a person, a hall or a secret. */
const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' }

/**
 * Runs the decoder licensed with a reader (DEVICES §1.5): the photo goes in by stdin and the picture comes out by
 * stdout, so that nothing of it is ever in a file, an argument or a shell.
 */
export class PhotoDecoder {
  #command: readonly string[]
  #deadlineMs: number
  #running = new Set<{ stop: () => void; over: Promise<unknown> }>()
  #closed = false

  /** `command`: program and arguments. */
  constructor(command: readonly string[] = [], deadlineMs: number = DECODER_DEADLINE_MS) {
    this.#command = command
    this.#deadlineMs = deadlineMs
  }

  /** Never rejects. The photo stays its owner's; every copy made here is wiped. */
  async decode(photo: Personal<Uint8Array>): Promise<DecodedPhoto> {
    const [program, ...args] = this.#command
    if (program === undefined) return { ok: false, fault: 'no-decoder' }
    if (this.#closed) return { ok: false, fault: 'closed' }
    const { promise: over, resolve } = Promise.withResolvers<Output>()
    const child = spawned(program, args)
    if (child === undefined) return { ok: false, fault: 'cannot-start' }
    const run = new DecoderRun(child, photo.reveal(), this.#deadlineMs, resolve)
    const entry = { stop: () => run.end('closed'), over }
    this.#running.add(entry)
    const output = await over
    this.#running.delete(entry)
    if (!output.ok) return output
    const mediaType = pictureType(output.bytes)
    if (mediaType !== undefined) return { ok: true, picture: new Personal(output.bytes), mediaType }
    output.bytes.fill(0)
    return { ok: false, fault: 'no-picture' }
  }

  /** Kills what is still running. */
  async close(): Promise<void> {
    this.#closed = true
    const running = [...this.#running]
    for (const { stop } of running) stop()
    await Promise.all(running.map(({ over }) => over))
  }
}

type Output = { ok: true; bytes: Uint8Array } | { ok: false; fault: PhotoFault }

/** One decoder at work, from its start until its output is whole or it is killed. */
class DecoderRun {
  #child: ChildProcess
  #settle: (output: Output) => void
  #deadline: NodeJS.Timeout
  #chunks: Uint8Array[] = []
  #bytes = 0
  #fault: PhotoFault | undefined

  constructor(child: ChildProcess, photo: Uint8Array, deadlineMs: number, settle: (output: Output) => void) {
    this.#child = child
    this.#settle = settle
    this.#deadline = setTimeout(() => this.end('too-slow'), deadlineMs)
    child.on('error', () => this.#finish('cannot-start'))
    child.on('close', (code) => this.#finish(code === 0 ? undefined : 'failed'))
    child.stdout?.on('data', (chunk: Buffer) => this.#take(chunk))
    // A decoder may end without reading: its exit code tells, not the broken pipe.
    child.stdin?.on('error', () => {})
    const copy = Buffer.from(photo)
    child.stdin?.end(copy, () => copy.fill(0))
  }

  /** Kills it, with all that it has started. */
  end(fault: PhotoFault): void {
    this.#fault ??= fault
    const { pid } = this.#child
    if (pid === undefined) return
    try {
      process.kill(-pid, 'SIGKILL')
    } catch {
      // It has ended by itself in this moment.
    }
    // A pipe that some runaway of it holds open must not keep us waiting.
    this.#child.stdout?.destroy()
    this.#child.stdin?.destroy()
  }

  #take(chunk: Buffer): void {
    this.#bytes += chunk.length
    if (this.#bytes > MAX_PICTURE_BYTES) {
      chunk.fill(0)
      this.end('too-large')
      return
    }
    this.#chunks.push(chunk)
  }

  #finish(fault: PhotoFault | undefined): void {
    clearTimeout(this.#deadline)
    const found = this.#fault ?? fault
    // Not by Buffer.concat, which may leave a copy in Node's pool.
    const bytes = new Uint8Array(found === undefined ? this.#bytes : 0)
    let at = 0
    for (const chunk of this.#chunks.splice(0)) {
      if (found === undefined) bytes.set(chunk, at)
      at += chunk.length
      chunk.fill(0)
    }
    this.#settle(found === undefined ? { ok: true, bytes } : { ok: false, fault: found })
  }
}

/** Undefined for a command that no system would take, such as one with a NUL in it. */
function spawned(program: string, args: readonly string[]): ChildProcess | undefined {
  try {
    return spawn(program, args, {
      // Its own process group, so that whatever it starts can be killed with it.
      detached: true,
      shell: false,
      cwd: '/',
      env: ENVIRONMENT,
      // What it says of its work may quote the photo: nobody listens.
      stdio: ['pipe', 'pipe', 'ignore'],
    })
  } catch {
    return undefined
  }
}
