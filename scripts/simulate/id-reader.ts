import { ID_READER_PROFILES, idReaderProfile } from '../../drivers/id-reader/profile.ts'
import { type IdReaderSimulator, startIdReaderSimulator } from '../../drivers/simulators/id-reader.ts'
import { demoPeople } from '../demo/people.ts'
import { kindOf, wireFault } from './kind.ts'
import { choice, plain, wholeNumber } from './words.ts'

/** Slower than any security module that still works. */
const LONGEST_THINKING_MS = 60_000
const MOST_FAILURES = 1000

const PEOPLE = demoPeople.map(({ id }) => id)

export const idReader = kindOf<IdReaderSimulator>({
  profiles: ID_READER_PROFILES.filter((name) => idReaderProfile(name)?.wire.kind === 'stream'),
  orders: [
    {
      form: `card [${PEOPLE.join('|')}]`,
      run: (reader, [id = PEOPLE[0]]) => {
        const person = demoPeople.find((one) => one.id === id)
        if (person === undefined) return false
        reader.placeCard(person.card)
        return true
      },
    },
    plain('lift', (reader) => reader.liftCard()),
    choice('corrupt', ['any', 'base'], (reader, which) => reader.corruptNextFrame(which)),
    {
      form: 'fail HEX-STATUS [TIMES]',
      run: (reader, [status = '', times = '1']) => {
        const count = wholeNumber(times, 1, MOST_FAILURES)
        if (!/^[0-9a-f]{2}$/i.test(status) || count === undefined) return false
        reader.failNext(Number.parseInt(status, 16), count)
        return true
      },
    },
    {
      form: 'think MS',
      run: (reader, [word]) => {
        const ms = wholeNumber(word, 0, LONGEST_THINKING_MS)
        if (ms === undefined) return false
        reader.think(ms)
        return true
      },
    },
    choice('authorised', ['yes', 'no'], (reader, answer) => reader.authorise(answer === 'yes')),
    wireFault,
  ],
  start: ({ listen, profile, onError }) => {
    const selectWithoutFind = idReaderProfile(profile ?? '')?.selectWithoutFind ?? false
    return startIdReaderSimulator({ listen, quirks: { selectWithoutFind }, onError })
  },
})
