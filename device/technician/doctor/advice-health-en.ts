import { faultInWords } from '../../health/words.ts'
import { lookAsRoot } from './commands.ts'
import type { Words } from './words.ts'

const sentence = (text: string): string =>
  text === '' ? text : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

/** `2026-11-21 20:14`, as the device's clock had it. */
const minute = (at: string): string => at.slice(0, 16).replace('T', ' ')

/** About the device's program, by what it wrote down of itself. */
export const HEALTH_ADVICE = {
  'device-health': ({ fault, asOf }) => {
    const { what, stops, todo } = faultInWords(fault, 'en')
    const then = asOf === null ? '' : `, as of ${minute(asOf)}`
    return {
      what: sentence(`${what} (since ${minute(fault.since)}${then}; ${fault.id})`),
      stops: sentence(stops),
      todo: todo.map(sentence),
    }
  },
  'device-stopped': ({ at }) => ({
    what: `The device’s program does not run; it was stopped at ${minute(at)}.`,
    stops: 'The whole device, until it is started.',
    todo: ['Start it again when it is meant to run.'],
  }),
  'device-gone': ({ at }) => ({
    what: `The device’s program ended without a word, some time after ${minute(at)}.`,
    stops: 'The whole device, until it is started.',
    todo: ['See in the journal why (a cut of power leaves nothing there), and start it again.'],
  }),
  'device-silent': ({ at }) => ({
    what: `The device’s program is there, and has told nothing of itself since ${minute(at)}.`,
    stops: 'Most likely the whole device.',
    todo: ['Check the disk, which may hang, and start the device’s program again.'],
  }),
  'device-unknown': ({ dataDir, code, user }, { shell, config }) => ({
    what:
      code === 'EACCES'
        ? `User ${user} may not read what the device wrote of its health in ${dataDir}.`
        : `Nothing that a device wrote of its health can be read in ${dataDir} (${code}).`,
    stops: 'Nothing; it says nothing of the device either.',
    todo:
      code === 'EACCES'
        ? ['Look as root:', lookAsRoot(shell, null, config, dataDir)]
        : [
            'Check the path behind --data: it is the one that the device was started with, and it has run once.',
          ],
  }),
} satisfies Partial<Words['advice']>
