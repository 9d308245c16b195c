/**
 * The circuit breaker before one outside system: while it does not answer, citizens are told so at once instead of
 * each waiting a deadline out, and the system is left alone to come up again.
 */
import CircuitBreaker from 'opossum'
import type { Logger } from 'pino'

export interface BreakerSettings {
  /** Failures are counted over so long: two deadlines of a search. */
  windowMs: number
  /** Fewer calls than this prove nothing: one lost packet at night must not close a hall's search. */
  minimumCalls: number
  /** So many of the calls in the window, or more. */
  failurePercent: number
  /** After so long one call goes through as a probe; meanwhile a citizen is told to ask again in a minute. */
  probeAfterMs: number
}

export const BREAKER: BreakerSettings = {
  windowMs: 20_000,
  minimumCalls: 5,
  failurePercent: 50,
  probeAfterMs: 10_000,
}

/** Less than one call makes among as many as there can be in a window. */
const JUST_BELOW_PERCENT = 0.001

export const CIRCUIT_OPEN = 'not asked: it gave no answers lately'

export interface Breaker {
  /** Null: not asked, since the circuit is open. What `call` throws counts as a failure, and is thrown on. */
  run<T>(call: () => Promise<T>): Promise<T | null>
  close(): void
}

export function breaker(name: string, settings: BreakerSettings, logger: Logger): Breaker {
  const circuit = new CircuitBreaker(async (call: () => Promise<unknown>) => await call(), {
    name,
    // Every operation has a deadline of its own, which also cuts the connection; a second one would only hide it.
    timeout: false,
    rollingCountTimeout: settings.windowMs,
    volumeThreshold: settings.minimumCalls,
    // The library opens above its threshold, not at it.
    errorThresholdPercentage: settings.failurePercent - JUST_BELOW_PERCENT,
    resetTimeout: settings.probeAfterMs,
    // Nobody reads percentiles of it.
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
  })
  circuit.on('open', () => logger.warn({ system: name }, 'gives no answers: not asked for a while'))
  circuit.on('close', () => logger.info({ system: name }, 'answers again'))

  return {
    async run<T>(call: () => Promise<T>) {
      const kept: { value: T }[] = []
      try {
        await circuit.fire(async () => {
          kept.push({ value: await call() })
        })
      } catch (error) {
        if (isOpen(error)) return null
        throw error
      }
      const [answer] = kept
      if (answer === undefined) throw new Error('a call ended without an answer')
      return answer.value
    },
    close() {
      circuit.shutdown()
    },
  }
}

function isOpen(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'EOPENBREAKER' || error.code === 'ESHUTDOWN')
  )
}
