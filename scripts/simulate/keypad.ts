import { KEY_COUNT, keypadProfiles } from '../../drivers/keypad/profile.ts'
import { type KeypadSimulator, startKeypadSimulator } from '../../drivers/simulators/keypad.ts'
import type { KeypadCommand } from '../../drivers/simulators/keypad-commands.ts'
import { kindOf, type Order, wireFault } from './kind.ts'
import { wholeNumber } from './words.ts'

/** Keys as people count them, from 1; undefined when a word is none. */
function keysOf(words: string[]): number[] | undefined {
  const keys = words.map((word) => wholeNumber(word, 1, KEY_COUNT))
  return keys.every((key) => key !== undefined) ? keys.map((key) => key - 1) : undefined
}

const pressing = (
  form: string,
  fits: (keys: number[]) => boolean,
  press: (unit: KeypadSimulator, keys: number[]) => boolean,
): Order<KeypadSimulator> => ({
  form,
  run: (unit, words, report) => {
    const keys = keysOf(words)
    if (keys === undefined || !fits(keys)) return false
    if (!press(unit, keys)) report('the unit sleeps: nothing is asked')
    return true
  },
})

const isOne = (keys: number[]): boolean => keys.length === 1

export const keypad = kindOf<KeypadSimulator>({
  profiles: [...keypadProfiles('ff68'), ...keypadProfiles('table')],
  orders: [
    pressing(`press 1–${KEY_COUNT}`, isOne, (unit, [key = 0]) => unit.press(key)),
    pressing(`bounce 1–${KEY_COUNT}`, isOne, (unit, [key = 0]) => unit.bounce(key)),
    pressing(
      'together KEY KEY…',
      (keys) => keys.length > 1,
      (unit, keys) => unit.pressTogether(keys),
    ),
    wireFault,
  ],
  start: ({ listen, profile, report, onError }) => {
    const onCommand = (command: KeypadCommand): void => {
      const line = wordsFor(command)
      if (line !== null) report(line)
    }
    return startKeypadSimulator({
      listen,
      onError,
      onCommand,
      ...(profile === undefined ? {} : { profile }),
    })
  },
})

function wordsFor(command: KeypadCommand): string | null {
  switch (command.kind) {
    case 'start':
      return 'asks for a rating'
    case 'acknowledge':
      return 'says its thanks'
    case 'stop':
      return 'stops asking'
    case 'beep':
      return 'beeps'
    case 'lamps':
      return `lamps: ${command.count}`
    case 'misuse':
      return null
  }
}
