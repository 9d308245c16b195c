/**
 * A province to report to, over real HTTP: as strict as the strictest, and in whatever mood it is put. It speaks by
 * the same profile as the hall does, from the other side, and keeps what it has taken so that both can be compared.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AnswerMeaning, ProvinceProfile } from '../profile-schema.ts'
import { answerText } from './answer.ts'
import { Book, type KeptRating, type Verdict } from './book.ts'
import { Moods } from './moods.ts'
import { type ProvinceKeys, type Received, receive } from './receive.ts'

export interface SimulatorOptions {
  profile: ProvinceProfile
  /** `tcp://HOST:PORT`; port 0 takes a free one. */
  listen: string
  keys: ProvinceKeys
  seed?: number
  clock?: () => Date
  /** Hears of each answer. */
  onAnswer?: (kind: string, means: string, words: string) => void
}

export interface ProvinceSimulator {
  /** `tcp://HOST:PORT` */
  readonly port: string
  /** What belongs into hall.json. */
  readonly url: string
  readonly moods: Moods
  readonly ratings: KeptRating[]
  readonly services: Readonly<Record<string, unknown>>[]
  /** Each request that was one of the hall's, in the order in which it was judged; never shortened. */
  readonly log: readonly LoggedRequest[]
  /** Requests under way now. */
  readonly underWay: number
  /** Answers given, by what they meant. */
  readonly answers: ReadonlyMap<string, number>
  /** The most requests with one rating that were under way at the same time. */
  readonly mostOfOneAtOnce: number
  /** Its clock goes so far ahead of the machine's, or behind. */
  setClockOffset(ms: number): void
  /** What was good before is refused from now on. */
  changeKeys(keys: ProvinceKeys): void
  unplug(): Promise<void>
  plug(): Promise<void>
  close(): Promise<void>
}

export interface LoggedRequest {
  readonly kind: 'service' | 'rating'
  readonly record: Readonly<Record<string, unknown>>
  readonly means: AnswerMeaning
  /** The answer went out whole; who was killed meanwhile has not read it all the same. */
  answered: boolean
}

const PAGE = '<!DOCTYPE html><html><head><title>请登录</title></head><body>上网认证</body></html>'

/** Enough for any record; a simulator is not a door for anything larger. */
const MAX_BODY_BYTES = 256 * 1024

export async function startProvinceSimulator(options: SimulatorOptions): Promise<ProvinceSimulator> {
  const { profile, clock = () => new Date(), onAnswer = () => undefined } = options
  const { host, port } = addressOf(options.listen)
  const moods = new Moods(options.seed ?? 1)
  const book = new Book(profile)
  const nonces = new Set<string>()
  const answers = new Map<string, number>()
  const underWay = new UnderWay()
  const log: LoggedRequest[] = []
  let keys = options.keys
  let offsetMs = 0
  const now = (): Date => new Date(clock().getTime() + offsetMs)

  let server = await listening(host, port)
  const { port: bound } = server.address() as AddressInfo

  async function listening(atHost: string, atPort: number): Promise<Server> {
    const made = createServer((request, response) => {
      serve(request, response).catch(() => response.destroy())
    })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    made.once('error', reject).listen(atPort, atHost, resolve)
    await promise
    return made
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (moods.strikes('lost-request')) return void response.destroy()
    const body = await bodyOf(request)
    if (body === null) return void response.destroy()
    const { method = '', url = '', headers } = request
    const received = receive({ method, path: url, headers, body }, { profile, keys, now: now(), nonces })
    if (received.ok) underWay.begin(JSON.stringify(received), response)
    const delayMs = moods.delayMs()
    if (delayMs > 0) await sleep(delayMs / 2)
    if (moods.strikes('services-lost')) book.forgetServices()
    if (refusesToLook(response)) return
    const hangs = moods.strikes('half-open')
    // Nobody answers it any more: the hall's own next try is no second one at once.
    if (hangs) underWay.forget(response)
    if (hangs && moods.coin()) return
    const verdict = verdictOn(received)
    count(received.ok ? received.kind : 'request', verdict)
    const logged = received.ok && verdict.means !== null ? logOf(received, verdict.means) : null
    if (delayMs > 0) await sleep(delayMs / 2)
    if (hangs || losesItsAnswer(response)) return
    answer(response, verdict)
    if (logged !== null) logged.answered = true
  }

  function logOf({ kind, record }: Received & { ok: true }, means: AnswerMeaning): LoggedRequest {
    const logged = { kind, record, means, answered: false }
    log.push(logged)
    return logged
  }

  /** Nothing is taken. */
  function refusesToLook(response: ServerResponse): boolean {
    if (moods.strikes('error-before')) end(response, 503, 'text/plain', 'service unavailable')
    else if (moods.strikes('too-many'))
      end(response.setHeader('retry-after', '0'), 429, 'text/plain', 'too many requests')
    else if (moods.strikes('page')) end(response, 200, 'text/html', PAGE)
    else return false
    return true
  }

  /** It was taken all the same. */
  function losesItsAnswer(response: ServerResponse): boolean {
    if (moods.strikes('lost-answer')) response.destroy()
    else if (moods.strikes('error-after')) end(response, 500, 'text/plain', 'internal error')
    else if (moods.strikes('page-after')) end(response, 200, 'text/html', PAGE)
    else return false
    return true
  }

  function verdictOn(received: Received): Verdict | NothingThere {
    if (!received.ok) return received
    if (moods.strikes('busy')) return { means: 'again', words: '系统繁忙' }
    return book.take(received.kind, received.record, now())
  }

  function count(kind: string, { means, words }: Verdict | NothingThere): void {
    const name = `${kind} ${means ?? 'nothing there'}`
    answers.set(name, (answers.get(name) ?? 0) + 1)
    onAnswer(kind, means ?? 'nothing there', words)
  }

  function answer(response: ServerResponse, verdict: Verdict | NothingThere): void {
    response.setHeader('date', now().toUTCString())
    if (verdict.means === null) {
      end(response, 404, 'text/html', '<!DOCTYPE html><html>404</html>')
      return
    }
    const text = answerText(profile, verdict.means, verdict.words)
    if (!moods.strikes('twice')) {
      end(response, 200, 'application/json; charset=utf-8', text)
      return
    }
    const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n`
    response.socket?.end(`${head}${text}${head}${text}`)
  }

  async function unplug(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    server.closeAllConnections()
    await closed
  }

  return {
    port: `tcp://${host}:${bound}`,
    url: `http://${host}:${bound}`,
    moods,
    get ratings() {
      return book.ratings
    },
    get services() {
      return book.services
    },
    log,
    get underWay() {
      return underWay.now
    },
    answers,
    get mostOfOneAtOnce() {
      return underWay.most
    },
    setClockOffset(ms) {
      offsetMs = ms
    },
    changeKeys(fresh) {
      keys = fresh
    },
    unplug,
    async plug() {
      server = await listening(host, bound)
    },
    async close() {
      if (server.listening) await unplug()
    },
  }
}

type NothingThere = { means: null; words: string }

/** How often the same record is being answered at the same time. */
class UnderWay {
  readonly #now = new Map<ServerResponse, string>()
  most = 0

  get now(): number {
    return this.#now.size
  }

  begin(name: string, response: ServerResponse): void {
    this.#now.set(response, name)
    // A connection that has ended may not have been told to its response yet.
    const open = [...this.#now].filter(([other]) => other.socket?.destroyed !== true)
    const together = open.filter(([, other]) => other === name).length
    this.most = Math.max(this.most, together)
    response.once('close', () => this.forget(response))
  }

  forget(response: ServerResponse): void {
    this.#now.delete(response)
  }
}

function end(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type }).end(text)
}

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_BODY_BYTES) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** @throws Error with words for whoever typed it */
function addressOf(listen: string): { host: string; port: number } {
  const url = URL.parse(listen)
  const port = Number(/:(\d+)$/.exec(listen)?.[1] ?? Number.NaN)
  if (url?.protocol !== 'tcp:' || url.hostname === '' || !(port <= 65_535))
    throw new Error(`"${listen}": a simulated province listens on tcp://HOST:PORT`)
  return { host: url.hostname, port }
}
