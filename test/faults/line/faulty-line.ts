/**
 * A line between a device and its hall that fails as it is told to, byte for byte: it takes every request whole, and
 * hands on, cuts, repeats, holds back or answers in the hall's place. What passes, passes unchanged.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

/** What the line does with one request. Bytes are counted from the first of the request line or the status line. */
export type LineFault =
  | { kind: 'pass' }
  /** Cut while the request is on its way: the hall sees a sender that is gone. */
  | { kind: 'cut-request'; atByte: number }
  /** The hall has it all, and the connection is gone while it works. */
  | { kind: 'cut-at-commit' }
  /** The hall has answered; nothing of it arrives. */
  | { kind: 'lose-answer' }
  /** The connection ends properly within an answer whose length said more. */
  | { kind: 'cut-answer'; atByte: number }
  | { kind: 'delay-answer'; ms: number }
  /** A middle box sends it twice; the device gets the later answer. */
  | { kind: 'send-twice' }
  /** The device gets the answer to an earlier request (a confused proxy). */
  | { kind: 'earlier-answer' }
  /** Somebody else answers, and the hall never sees it. */
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body: string }
  /** The hall's own answer, altered on the way. */
  | { kind: 'alter'; change: (body: string) => string }
  /** Request and answer pass a few bytes at a time. */
  | { kind: 'trickle'; bytes: number }
  /** Nothing ever comes back and the connection stays. */
  | { kind: 'swallow' }

export interface Seen {
  path: string
  fault: LineFault['kind']
  /** Of the hall's answer; null where it gave none that the line has seen. */
  hallStatus: number | null
}

export interface FaultyLine {
  /** Where the device believes its hall. */
  readonly url: string
  /** Where the hall really is; may be moved while the line stands. */
  hallUrl: string
  /** The next requests to `/v1/batches` meet these, one each; then all is well, or as `always` says. */
  next(...faults: LineFault[]): void
  always(fault: LineFault | ((body: Buffer, request: IncomingMessage) => LineFault)): void
  /** How many of the faults that were asked for have not been met yet. */
  ahead(): number
  /** Those are not to come any more. */
  forget(): void
  /** The hall is gone in this instant: nothing that it says any more arrives. Setting `hallUrl` brings a new one. */
  sever(): void
  readonly seen: Seen[]
  close(): Promise<void>
}

interface HallReply {
  status: number
  /** Name, value, name, value, as they came. */
  headers: string[]
  raw: Buffer
  body: Buffer
}

const FAULTY_PATH = '/v1/batches'

/** Nothing listens at the discard port of this machine (RFC 863). */
const NOWHERE = 'http://127.0.0.1:9'

export async function startFaultyLine(hallUrl: string): Promise<FaultyLine> {
  const faults: LineFault[] = []
  let always: LineFault | ((body: Buffer, request: IncomingMessage) => LineFault) = { kind: 'pass' }
  const seen: Seen[] = []
  const earlier: HallReply[] = []
  const open = new Set<Socket>()

  const line: FaultyLine = {
    url: '',
    hallUrl,
    next: (...more) => void faults.push(...more),
    always(fault) {
      always = fault
    },
    ahead: () => faults.length,
    forget: () => void faults.splice(0),
    sever() {
      line.hallUrl = NOWHERE
      for (const socket of open) socket.destroy()
    },
    seen,
    close: async () => {
      for (const socket of open) socket.destroy()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('error', () => {})
    response.on('error', () => {})
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      meet(request, response, Buffer.concat(chunks)).catch(() => response.destroy())
    })
  })

  async function meet(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    const faulty = request.url === FAULTY_PATH
    const usual = typeof always === 'function' ? always(body, request) : always
    const fault: LineFault = faulty ? (faults.shift() ?? usual) : { kind: 'pass' }
    const note: Seen = { path: request.url ?? '', fault: fault.kind, hallStatus: null }
    seen.push(note)
    const bytes = Buffer.concat([headOf(request), body])
    const exchange = async (chunkBytes?: number): Promise<HallReply> => {
      const reply = await ask(bytes, chunkBytes)
      note.hallStatus = reply.status
      return reply
    }
    const wire = response.socket
    switch (fault.kind) {
      case 'pass':
        return give(response, keep(await exchange()))
      case 'cut-request':
        await sendPart(bytes.subarray(0, Math.min(fault.atByte, bytes.length - 1)))
        return void wire?.resetAndDestroy()
      case 'cut-at-commit':
        await sendPart(bytes)
        return void wire?.resetAndDestroy()
      case 'lose-answer':
        keep(await exchange())
        return void wire?.resetAndDestroy()
      case 'cut-answer': {
        const reply = keep(await exchange())
        const part = reply.raw.subarray(0, Math.min(fault.atByte, reply.raw.length - 1))
        await new Promise<void>((resolve) => wire?.write(part, () => resolve()))
        return void wire?.end()
      }
      case 'delay-answer': {
        const reply = keep(await exchange())
        await new Promise((resolve) => setTimeout(resolve, fault.ms))
        return give(response, reply)
      }
      case 'send-twice': {
        await exchange()
        return give(response, await exchange())
      }
      case 'earlier-answer': {
        const old = earlier.at(-1)
        keep(await exchange())
        return old === undefined ? void wire?.resetAndDestroy() : give(response, old)
      }
      case 'answer':
        response.writeHead(fault.status, { 'content-type': 'text/html', ...fault.headers })
        return void response.end(fault.body)
      case 'alter': {
        const { status, body: told } = await exchange()
        response.writeHead(status, { 'content-type': 'application/json' })
        return void response.end(fault.change(told.toString()))
      }
      case 'trickle': {
        const { status, headers, body: told } = keep(await exchange(fault.bytes))
        response.writeHead(status, headers)
        for (let at = 0; at < told.length; at += fault.bytes) {
          response.write(told.subarray(at, at + fault.bytes))
          await new Promise((resolve) => setImmediate(resolve))
        }
        return void response.end()
      }
      case 'swallow':
        return
    }
  }

  function keep(reply: HallReply): HallReply {
    earlier.push(reply)
    if (earlier.length > 4) earlier.shift()
    return reply
  }

  function give(response: ServerResponse, { status, headers, body }: HallReply): void {
    response.writeHead(status, headers)
    response.end(body)
  }

  function toHall(): Socket {
    const { hostname, port } = new URL(line.hallUrl)
    const socket = connect(Number(port), hostname)
    open.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => open.delete(socket))
    return socket
  }

  function ask(bytes: Buffer, chunkBytes = bytes.length): Promise<HallReply> {
    return new Promise((resolve, reject) => {
      const socket = toHall()
      let got = Buffer.alloc(0)
      socket.on('error', reject)
      socket.on('close', () => reject(new Error('the hall closed the connection')))
      socket.on('data', (chunk: Buffer) => {
        got = Buffer.concat([got, chunk])
        const reply = wholeReply(got)
        if (reply === null) return
        resolve(reply)
        socket.end()
      })
      const writeFrom = (at: number): void => {
        if (at >= bytes.length) return
        socket.write(bytes.subarray(at, at + chunkBytes), () => setImmediate(writeFrom, at + chunkBytes))
      }
      socket.on('connect', () => writeFrom(0))
    })
  }

  /** Sends and is gone: no answer is waited for. */
  function sendPart(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = toHall()
      socket.on('error', reject)
      socket.on('connect', () =>
        socket.write(bytes, () => {
          socket.removeAllListeners('error').on('error', () => {})
          socket.destroySoon()
          resolve()
        }),
      )
    })
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve())
  })
  return Object.assign(line, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
}

function headOf(request: IncomingMessage): Buffer {
  const lines = [`${request.method} ${request.url} HTTP/1.1`]
  for (let at = 0; at < request.rawHeaders.length; at += 2)
    lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}

/** Null while something of it is missing. The hall always says how long its answer is. */
function wholeReply(raw: Buffer): HallReply | null {
  const end = raw.indexOf('\r\n\r\n')
  if (end < 0) return null
  const [statusLine = '', ...lines] = raw.subarray(0, end).toString('latin1').split('\r\n')
  const headers = lines.flatMap((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  const length = headers[headers.findIndex((name) => name.toLowerCase() === 'content-length') + 1]
  const [from, to] = [end + 4, end + 4 + Number(length)]
  if (raw.length < to) return null
  return {
    status: Number(statusLine.split(' ')[1]),
    headers,
    raw: raw.subarray(0, to),
    body: raw.subarray(from, to),
  }
}
