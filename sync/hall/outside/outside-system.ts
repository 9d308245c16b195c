/** An outside system by its contract: every way in which asking it can end, as a value. */
import type { Logger } from 'pino'
import type { z } from 'zod'
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
  const circuit = breaker(name, options.breaker ?? BREAKER, logger)

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
        const answer = await circuit.run(async () => await asked(line, operation, exchange))
        return answer ?? unavailable(CIRCUIT_OPEN)
      } catch (error) {
        if (!(error instanceof NoAnswer)) throw error
        logger.warn({ system: name, operation: operation.id, detail: error.message }, 'no answer')
        return unavailable(error.message)
      }
    },
    close() {
      circuit.close()
      line.close()
    },
  }
}

/** @throws NoAnswer */
async function asked<S extends z.ZodType | Bytes>(
  line: Line,
  operation: Operation<S>,
  exchange: Exchange,
): Promise<OutsideAnswer<Value<S>>> {
  try {
    return judged(operation, await line.exchange(exchange))
  } catch (error) {
    // One paper too long is no reason to ask for no other.
    if (error instanceof TooLarge && operation.answer === 'application/pdf')
      return { outcome: 'refused', code: TOO_LARGE, words: error.message }
    throw error
  }
}

/** @throws NoAnswer for whatever is none of the contract's answers, so that the circuit breaker counts it */
function judged<S extends z.ZodType | Bytes>(
  operation: Operation<S>,
  answer: RawAnswer,
): OutsideAnswer<Value<S>> {
  const { status } = answer
  if (status === operation.status) return { outcome: 'answered', value: readValue(operation.answer, answer) }
  const refusals: readonly number[] = operation.refusals
  if (refusals.includes(status) && answer.mediaType === 'application/json') {
    const refusal = RefusalBody.safeParse(jsonOf(answer))
    if (!refusal.success) throw new NoAnswer(`its ${status} has not the agreed body`)
    return status === 404 ? { outcome: 'not-found' } : { outcome: 'refused', ...refusal.data }
  }
  if (status >= 300 && status < 400)
    throw new NoAnswer(`it redirects (${status}): put the right url into hall.json`)
  throw new NoAnswer(`it answers ${status}`)
}

function readValue<S extends z.ZodType | Bytes>(expected: S, answer: RawAnswer): Value<S> {
  const mediaType = expected === 'application/pdf' ? expected : 'application/json'
  if (answer.mediaType !== mediaType) throw new NoAnswer(`its answer is no ${mediaType}`)
  // Which of the two it is was decided by `S`; the compiler does not follow that through a conditional type.
  if (expected === 'application/pdf') return answer.bytes as Value<S>
  const parsed = (expected as z.ZodType).safeParse(jsonOf(answer))
  if (parsed.success) return parsed.data as Value<S>
  const paths = parsed.error.issues.slice(0, 5).map(({ path }) => path.join('.') || 'the whole')
  throw new NoAnswer(`its answer breaks the contract at ${paths.join(', ')}`)
}

function jsonOf({ bytes }: RawAnswer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new NoAnswer('its answer is no JSON in UTF-8')
  }
}

function unavailable(detail: string): Unavailable {
  return { outcome: 'unavailable', detail }
}
