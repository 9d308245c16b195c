/** What a simulated keypad understands of what a driver sends. Pure. */
import { type Ff68Frame, FUNC, matchFrame, VOICE } from '../keypad/frame.ts'
import type { Matcher } from '../keypad/parser.ts'
import { KEY_COUNT, type KeypadProfile } from '../keypad/profile.ts'
import { tableMatcher } from '../keypad/table.ts'

export type KeypadCommand =
  | { kind: 'start' | 'acknowledge' | 'stop' | 'beep' }
  | { kind: 'lamps'; count: number }
  /** A whole frame that no unit would understand, in words. */
  | { kind: 'misuse'; error: string }

export function keypadCommands(profile: KeypadProfile): Matcher<KeypadCommand> {
  if (profile.form === 'ff68') {
    return (bytes, at) => {
      const match = matchFrame(bytes, at)
      return typeof match === 'string' ? match : { ...match, value: read(match.value, profile.address) }
    }
  }
  const { start, acknowledge, stop, beep, lamps } = profile
  const rows = Object.entries({ start, acknowledge, stop, beep }).flatMap(([kind, pattern]) =>
    pattern === null ? [] : [{ pattern, value: { kind: kind as 'start' | 'acknowledge' | 'stop' | 'beep' } }],
  )
  const lampRows = lamps.map((pattern, count) => ({ pattern, value: { kind: 'lamps' as const, count } }))
  return tableMatcher<KeypadCommand>([...rows, ...lampRows])
}

function read({ address, func, data }: Ff68Frame, own: number): KeypadCommand {
  const misuse = (error: string): KeypadCommand => ({ kind: 'misuse', error })
  if (address !== own) return misuse(`a frame for address ${address}, this unit has ${own}`)
  const [value, ...more] = data
  if (func === FUNC.beep) return data.length === 0 ? { kind: 'beep' } : misuse('a beep with data')
  if (value === undefined || more.length > 0)
    return misuse(`function ${func} with ${data.length} bytes of data`)
  if (func === FUNC.voice && value === VOICE.pleaseRate) return { kind: 'start' }
  if (func === FUNC.voice && value === VOICE.thanks) return { kind: 'acknowledge' }
  if (func === FUNC.lamps && value <= KEY_COUNT) return { kind: 'lamps', count: value }
  return misuse(`function ${func} with ${value}, which this unit has not`)
}
