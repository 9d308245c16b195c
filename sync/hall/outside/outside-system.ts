/** An outside system by its contract: every way in which asking it can end, as a value. */
import type { Logger } from 'pino'
import { z } from 'zod'
import { BREAKER, type BreakerSettings, breaker, CIRCUIT_OPEN } from './breaker.ts'
import { type Exchange, type Line, NoAnswer, openLine, type RawAnswer, TooLarge } from './http-exchange.ts'
import { type Bytes, type Operation, RefusalBody, TOO_LARGE } from './operation.ts'
import type { NotFound, Refused, Unavailable } from './outcome.ts'
import type { OutsideSettings } from './settings.ts'

export interface OutsideOptions {
  /** For the log: case-system, proofs/tax, queue. */
  name: string
  settings: OutsideSettings
  logger: Logger
  breaker?: BreakerSettings
  /** In place of an operation's own; for trials. */
  timeoutMs?: number
}

type Value<S> = S extends z.ZodType ? z.output<S> : Uint8Array

export type OutsideAnswer<T> = { outcome: 'answered'; value: T } | NotFound | Refused | Unavailable

export interface OutsideSystem {
  /** Never throws for what the system does. */
  ask<S extends z.ZodType | Bytes>(
    operation: Operation<S>,
    body?: unknown,
    key?: string,
  ): Promise<OutsideAnswer<Value<S>>>
  close(): void
}

/** @throws HallError `configuration-invalid` */
export function outsideSystem({ name, settings, logger, ...options }: OutsideOptions): OutsideSystem {
  const line = openLine(settings)
  const settled = options.breaker ?? BREAKER
  const circuit = breaker(name, settled, logger)
  // A paper may take 45 s: as the probe of a common circuit it would keep everybody from asking for so long.
  const papers = breaker(`${name}/documents`, settled, logger)
  const tell = (operation: Operation, detail: string, said: string): void =>
    logger.warn({ system: name, operation: operation.id, detail }, said)

  return {
    async ask(operation, body, key) {
      const { method, path, maxAnswerBytes } = operation
      const headers = {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      }
      const bytes = body === undefined ? null : Buffer.from(JSON.stringify(body))
      const timeoutMs = options.timeoutMs ?? operation.timeoutMs
      try {
        const exchange = { method, path, headers, body: bytes, timeoutMs, maxAnswerBytes }
        const through = operation.answer === 'application/pdf' ? papers : circuit
        const given = await through.run(async () => await asked(line, operation, exchange))
        if (given === null) return unavailable(CIRCUIT_OPEN, true)
        if (given.dropped.length > 0) tell(operation, given.dropped.join(', '), 'records left out')
        if (given.answer.outcome === 'unavailable') tell(operation, given.answer.detail, 'no answer')
        return given.answer
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error
        tell(operation, error.message, 'no answer')
        return unavailable(error.message, error.notAsked)
      }
    },
    close() {
      circuit.close()
      papers.close()
      line.close()
    },
  }
}

interface Given<T> {
  answer: OutsideAnswer<T>
  /** Where its left-out records broke the contract: paths, never values. */
  dropped: readonly string[]
}

/** A gateway's words for a system that is not there (RFC 9110 §15.6). */
const DOWN: ReadonlySet<number> = new Set([502, 503, 504])

/** With these it did not take the request, whatever was asked (RFC 9110 §15.4, §15.5; RFC 6585 §4). */
const DECLINED: ReadonlySet<number> = new Set([
  301, 302, 303, 307, 308, 400, 401, 403, 404, 405, 413, 415, 429,
])

/**
 * Whatever came as a whole HTTP answer is a value here: a system that answers is well, and its circuit stays closed,
 * or anybody could close a hall's search by asking five times for the one record that it tells wrongly.
 * @throws NoAnswer for silence, cut-off answers and gateways without a system behind them: what the breaker counts
 */
async function asked<S extends z.ZodType | Bytes>(
  line: Line,
  operation: Operation<S>,
  exchange: Exchange,
): Promise<Given<Value<S>>> {
  try {
    const raw = await line.exchange(exchange)
    if (DOWN.has(raw.status)) throw new NoAnswer(`it answers ${raw.status}`)
    return judged(operation, raw)
  } catch (error) {
    if (error instanceof TooLarge && operation.answer === 'application/pdf')
      return { answer: { outcome: 'refused', code: TOO_LARGE, words: error.message }, dropped: [] }
    if (error instanceof TooLarge || error instanceof Breach)
      return { answer: unavailable(error.message, error.notAsked), dropped: [] }
    throw error
  }
}

/** A whole answer that is none of the contract's. */
class Breach extends NoAnswer {}

/** @throws Breach */
function judged<S extends z.ZodType | Bytes>(operation: Operation<S>, answer: RawAnswer): Given<Value<S>> {
  const { status } = answer
  if (status === operation.status) {
    const { value, dropped } = readValue(operation, answer)
    return { answer: { outcome: 'answered', value }, dropped }
  }
  const refusals: readonly number[] = operation.refusals
  if (refusals.includes(status) && answer.mediaType === 'application/json') {
    const refusal = RefusalBody.safeParse(jsonOf(answer))
    if (!refusal.success)
      throw new Breach(`its ${status} has not the agreed body`, { notAsked: DECLINED.has(status) })
    return {
      answer: status === 404 ? { outcome: 'not-found' } : { outcome: 'refused', ...refusal.data },
      dropped: [],
    }
  }
  const notAsked = DECLINED.has(status)
  if (status >= 300 && status < 400)
    throw new Breach(`it redirects (${status}): put the right url into hall.json`, { notAsked })
  throw new Breach(`it answers ${status}`, { notAsked })
}

function readValue<S extends z.ZodType | Bytes>(
  { answer: expected, oneByOne }: Operation<S>,
  answer: RawAnswer,
): { value: Value<S>; dropped: string[] } {
  const mediaType = expected === 'application/pdf' ? expected : 'application/json'
  if (answer.mediaType !== mediaType) throw new Breach(`its answer is no ${mediaType}`)
  // Which of the two it is was decided by `S`; the compiler does not follow that through a conditional type.
  if (expected === 'application/pdf') return { value: answer.bytes as Value<S>, dropped: [] }
  const schema = expected as z.ZodType
  const { json, dropped } = withoutOdd(schema, oneByOne, jsonOf(answer))
  const parsed = schema.safeParse(json)
  if (parsed.success) return { value: parsed.data as Value<S>, dropped }
  throw new Breach(`its answer breaks the contract at ${pathsOf(parsed.error).join(', ')}`)
}

/** The answer without those members of its list that break their own schema. */
function withoutOdd(
  schema: z.ZodType,
  member: string | undefined,
  json: unknown,
): { json: unknown; dropped: string[] } {
  const list = schema instanceof z.ZodObject && member !== undefined ? schema.shape[member] : null
  if (!(list instanceof z.ZodArray) || member === undefined) return { json, dropped: [] }
  const whole = z.looseObject({ [member]: z.array(z.unknown()) }).safeParse(json)
  if (!whole.success) return { json, dropped: [] }
  const each = list.element as z.ZodType
  const dropped: string[] = []
  const good = ((whole.data[member] ?? []) as unknown[]).filter((one, index) => {
    const parsed = each.safeParse(one)
    if (!parsed.success && dropped.length < PATHS_TOLD)
      dropped.push(...pathsOf(parsed.error).map((path) => `${member}.${index}.${path}`))
    return parsed.success
  })
  return { json: { ...whole.data, [member]: good }, dropped: dropped.slice(0, PATHS_TOLD) }
}

/** In one line of the log. */
const PATHS_TOLD = 5

function pathsOf(error: z.ZodError): string[] {
  return error.issues.slice(0, PATHS_TOLD).map(({ path }) => path.join('.') || 'the whole')
}

function jsonOf({ bytes }: RawAnswer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Breach('its answer is no JSON in UTF-8')
  }
}

function unavailable(detail: string, notAsked: boolean): Unavailable {
  return { outcome: 'unavailable', detail, ...(notAsked ? { notAsked } : {}) }
}
