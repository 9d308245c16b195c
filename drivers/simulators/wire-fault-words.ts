import { type FaultTiming, TOWARDS, type Towards, type WireFault } from './wire-faults.ts'

/** What a technician types behind `fault`, as data. */
export type FaultOrder =
  | { order: 'add'; fault: WireFault; timing: FaultTiming }
  | { order: 'clear' }
  | { order: 'list' }

export type ParsedFault = { ok: true; order: FaultOrder } | { ok: false; fault: string }

/** One number behind a fault's name, with its bounds. */
interface NumberWord {
  name: string
  least: number
  most: number
  radix?: 10 | 16
}

/** A day: longer than any trial, and what Node's timers can still count. */
const LONGEST_MS = 86_400_000
const MOST_BYTES = 65_536
const SLOWEST_BAUD = 300
const FASTEST_BAUD = 921_600
const MOST_SEED = 0xffff_ffff

const ms = (name: string, least = 0): NumberWord => ({ name, least, most: LONGEST_MS })
const bytes: NumberWord = { name: 'BYTES', least: 1, most: MOST_BYTES }
const every: NumberWord = { name: 'EVERY-NTH', least: 1, most: MOST_BYTES }
const mask: NumberWord = { name: 'HEX-MASK', least: 0x01, most: 0xff, radix: 16 }
const baud: NumberWord = { name: 'BAUD', least: SLOWEST_BAUD, most: FASTEST_BAUD }

interface Form {
  numbers: NumberWord[]
  /** What may stand behind the numbers, besides the timing. */
  settings: ('seed' | 'towards')[]
  make: (numbers: number[]) => WireFault
}

const FORMS: Record<WireFault['kind'], Form> = {
  split: {
    numbers: [bytes, ms('GAP-MS')],
    settings: ['towards'],
    make: ([bytes = 0, gapMs = 0]) => ({ kind: 'split', bytes, gapMs }),
  },
  merge: {
    numbers: [ms('HOLD-MS')],
    settings: ['towards'],
    make: ([holdMs = 0]) => ({ kind: 'merge', holdMs }),
  },
  drop: { numbers: [every], settings: ['towards'], make: ([every = 0]) => ({ kind: 'drop', every }) },
  flip: {
    numbers: [every, mask],
    settings: ['towards'],
    make: ([every = 0, mask = 0]) => ({ kind: 'flip', every, mask }),
  },
  noise: {
    // A crackle every 0 ms would be a line that is never silent and a program that does nothing else.
    numbers: [ms('EVERY-MS', 1), bytes],
    settings: ['seed', 'towards'],
    make: ([everyMs = 0, bytes = 0]) => ({ kind: 'noise', everyMs, bytes }),
  },
  stall: { numbers: [], settings: ['towards'], make: () => ({ kind: 'stall' }) },
  'half-open': { numbers: [], settings: [], make: () => ({ kind: 'half-open' }) },
  slow: { numbers: [baud], settings: [], make: ([baud = 0]) => ({ kind: 'slow', baud }) },
  duplicate: { numbers: [], settings: ['towards'], make: () => ({ kind: 'duplicate' }) },
}

const SETTING_FORMS = { seed: '[seed SEED]', towards: `[towards ${TOWARDS.join('|')}]` }

/** Behind whatever has a time of its own. */
export const TIMING_FORM = '[after MS] [for MS]'

/** Every form, one a line, for a help text. */
export const FAULT_FORMS: readonly string[] = [
  ...Object.entries(FORMS).map(([kind, { numbers, settings }]) => {
    const names = numbers.map((number) => number.name)
    return ['fault', kind, ...names, ...settings.map((word) => SETTING_FORMS[word]), TIMING_FORM].join(' ')
  }),
  'fault (lists them)',
  'fault clear',
]

/** Reads the words behind `fault`, such as `noise 50 8 after 1000 for 5000`, `clear`, or none. */
export function parseFault(words: readonly string[]): ParsedFault {
  const [kind = '', ...rest] = words
  if (words.length === 0) return { ok: true, order: { order: 'list' } }
  if (kind === 'clear' && rest.length === 0) return { ok: true, order: { order: 'clear' } }
  if (!isKind(kind)) return wrong(`there is no fault "${words.join(' ')}"`)

  const form = FORMS[kind]
  const numbers: number[] = []
  for (const [index, word] of form.numbers.entries()) {
    const number = readNumber(rest[index], word)
    if (typeof number === 'string') return wrong(`${kind}: ${number}`)
    numbers.push(number)
  }
  const settings = readSettings(form.settings, rest.slice(form.numbers.length))
  if (typeof settings === 'string') return wrong(`${kind}: ${settings}`)
  const { seed, towards, ...timing } = settings
  const fault = form.make(numbers)
  if (fault.kind === 'noise' && seed !== undefined) fault.seed = seed
  if (isDirected(fault) && towards !== undefined) fault.towards = towards
  return { ok: true, order: { order: 'add', fault, timing } }
}

/** The line that `parseFault` reads as the same fault. */
export function describeFault(fault: WireFault, timing: FaultTiming = {}): string {
  const words: (string | number)[] = [fault.kind, ...numbersOf(fault)]
  if (fault.kind === 'noise' && fault.seed !== undefined) words.push('seed', fault.seed)
  if (isDirected(fault) && fault.towards !== undefined) words.push('towards', fault.towards)
  if (timing.afterMs !== undefined) words.push('after', timing.afterMs)
  if (timing.forMs !== undefined) words.push('for', timing.forMs)
  return words.join(' ')
}

function numbersOf(fault: WireFault): (string | number)[] {
  switch (fault.kind) {
    case 'split':
      return [fault.bytes, fault.gapMs]
    case 'merge':
      return [fault.holdMs]
    case 'drop':
      return [fault.every]
    case 'flip':
      return [fault.every, fault.mask.toString(16).padStart(2, '0').toUpperCase()]
    case 'noise':
      return [fault.everyMs, fault.bytes]
    case 'slow':
      return [fault.baud]
    case 'stall':
    case 'half-open':
    case 'duplicate':
      return []
  }
}

function isDirected(fault: WireFault): fault is Exclude<WireFault, { kind: 'half-open' | 'slow' }> {
  return FORMS[fault.kind].settings.includes('towards')
}

function isKind(word: string): word is WireFault['kind'] {
  return Object.hasOwn(FORMS, word)
}

/** A string says what is wrong. */
function readNumber(
  word: string | undefined,
  { name, least, most, radix = 10 }: NumberWord,
): number | string {
  const shape = radix === 16 ? /^[0-9A-Fa-f]{1,2}$/ : /^\d{1,10}$/
  const bounds = `${name} is a number from ${least.toString(radix).toUpperCase()} to ${most.toString(radix).toUpperCase()}`
  if (word === undefined) return `${bounds}, and it is missing`
  const number = shape.test(word) ? Number.parseInt(word, radix) : Number.NaN
  return number >= least && number <= most ? number : `${bounds}, not "${word}"`
}

type Settings = FaultTiming & { seed?: number; towards?: Towards }

const NUMBER_SETTINGS = new Map<string, { key: 'afterMs' | 'forMs' | 'seed'; number: NumberWord }>([
  ['after', { key: 'afterMs', number: ms('MS') }],
  ['for', { key: 'forMs', number: ms('MS', 1) }],
  ['seed', { key: 'seed', number: { name: 'SEED', least: 0, most: MOST_SEED } }],
])

/** Reads `after 500 for 2000`, either or none of it. A string says what is wrong. */
export function parseTiming(words: readonly string[]): FaultTiming | string {
  return readSettings([], words)
}

function readSettings(allowed: Form['settings'], words: readonly string[]): Settings | string {
  const settings: Settings = {}
  const understood = ['after', 'for', ...allowed]
  const read = new Set<string>()
  for (let at = 0; at < words.length; at += 2) {
    const [word = '', value] = words.slice(at)
    if (!understood.includes(word)) return `"${word}" is not understood here`
    if (read.has(word)) return `"${word}" is there twice`
    read.add(word)
    const setting = NUMBER_SETTINGS.get(word)
    if (setting === undefined) {
      const towards = TOWARDS.find((one) => one === value)
      if (towards === undefined) return `behind "${word}" stands ${TOWARDS.join(' or ')}`
      settings.towards = towards
      continue
    }
    const number = readNumber(value, setting.number)
    if (typeof number === 'string') return `behind "${word}", ${number}`
    settings[setting.key] = number
  }
  return settings
}

function wrong(what: string): ParsedFault {
  return { ok: false, fault: `${what}; write one of: ${FAULT_FORMS.join(', ')}` }
}
