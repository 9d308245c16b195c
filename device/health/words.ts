/** What a device's health says to people: its faults, its checks. Two languages, two files of one shape. */
import type { FaultReason, Warning } from '../../drivers/status.ts'
import type { HealthFault, Language, PeripheralName } from '../http/contract.ts'
import type { MatterId, StopCode, TodoCode } from './trouble.ts'
import { EN } from './words-en.ts'
import { ZH } from './words-zh.ts'

export type Facts = Readonly<Record<string, string>>

export interface HealthWords {
  peripherals: Record<PeripheralName, string>
  /** Of a peripheral by its name. */
  reasons: Record<FaultReason | Warning, (name: string) => string>
  matters: Record<MatterId, (facts: Facts) => string>
  stops: Record<StopCode, string>
  stopsNothing: string
  todo: Record<TodoCode, string>
  /** `3 days 4 hours`; of a negative one the length alone. */
  span: (ms: number) => string
  /** A code that is newer than these words. */
  unknown: (code: string) => string
}

export interface FaultInWords {
  what: string
  /** One line: everything that it stops, or that it stops nothing yet. */
  stops: string
  /** In order. */
  todo: string[]
}

const WORDS: Record<Language, HealthWords> = { zh: ZH, en: EN }

export const healthWords = (language: Language): HealthWords => WORDS[language]

/** A fault as the page, the doctor and the report say it. */
export const faultInWords = (
  { id, stops, todo, facts }: Pick<HealthFault, 'id' | 'stops' | 'todo' | 'facts'>,
  language: Language,
): FaultInWords => {
  const words = WORDS[language]
  const [part = '', reason = ''] = id.split('.')
  const name = known(words.peripherals, part)
  const ofPeripheral = name === undefined ? undefined : known(words.reasons, reason)?.(name)
  return {
    what: ofPeripheral ?? known(words.matters, id)?.(facts) ?? words.unknown(id),
    stops:
      stops.length === 0
        ? words.stopsNothing
        : stops.map((code) => known(words.stops, code) ?? code).join(language === 'zh' ? '、' : ', '),
    todo: todo.map((code) => known(words.todo, code) ?? words.unknown(code)),
  }
}

/** What stands under a key that may be none of its own. */
const known = <Value>(words: Record<string, Value>, key: string): Value | undefined =>
  Object.hasOwn(words, key) ? words[key] : undefined
