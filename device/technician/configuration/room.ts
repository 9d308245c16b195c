/** The room `configuration`: versions and undo, sticks, export and import. */
import { type Machine, THIS_MACHINE } from '../../../drivers/discovery/machine.ts'
import { formatInstant } from '../../../sync/protocol/identifiers.ts'
import {
  isPassphrase,
  MAX_SETUP_FILE_BYTES,
  openSetup,
  type SetupLock,
  type SetupPayload,
} from '../../../sync/protocol/setup-file.ts'
import type { Configuration } from '../../configuration.ts'
import type {
  ConfigurationAction,
  ConfigurationState,
  OpenedFile,
  TransferOutcome,
} from '../../http/contract.ts'
import { readKept } from '../device/kept.ts'
import { readFromStick, writeToStick } from '../stick-files.ts'
import { DONE, refuse, type SetupAnswer, type SetupRoom, type Workshop } from '../workshop.ts'
import { exportFile } from './exporting.ts'
import { type Here, heldAgainst } from './opening.ts'
import { watchSticks } from './stick-watch.ts'
import { WHY_CLOSED } from './why-closed.ts'

/** As long as a technician's session lasts without a touch: an opened file holds tokens, and is not kept longer. */
const OPENED_FOR_MS = 10 * 60_000
const MEDIA_TYPE = 'application/octet-stream'

type Action<T extends ConfigurationAction['type']> = Extract<ConfigurationAction, { type: T }>
type Room = SetupRoom<ConfigurationState, ConfigurationAction>

export interface ConfigurationRoomOptions {
  machine?: Machine
  now?: () => Date
}

export const configurationRoom = (workshop: Workshop, options: ConfigurationRoomOptions = {}): Room => {
  const { machine = THIS_MACHINE, now = () => new Date() } = options
  const watch = watchSticks(machine, workshop.onChange, workshop.onTrouble)
  let busy: ConfigurationState['busy'] = null
  let last: TransferOutcome | null = null
  let opened: { shown: OpenedFile; payload: SetupPayload } | null = null
  let forgetting: NodeJS.Timeout | null = null

  const forget = (): void => {
    if (forgetting !== null) clearTimeout(forgetting)
    forgetting = null
    opened = null
  }
  const hold = (shown: OpenedFile, payload: SetupPayload): void => {
    forget()
    opened = { shown, payload }
    forgetting = setTimeout(() => {
      forget()
      workshop.onChange()
    }, OPENED_FOR_MS).unref()
  }
  const here = (): Here => ({
    written: workshop.written() ?? draftIn(workshop.dataDir),
    servesAt: [workshop.listen(), ...addressesOf(workshop.configuration())].flatMap(portOf),
    machine,
  })
  /** `last` tells how it went for as long as nothing else was tried. */
  const told = (what: TransferOutcome['what'], file: string | null, answer: SetupAnswer): SetupAnswer => {
    const detail = answer.detail === '' ? null : answer.detail
    last = { what, at: formatInstant(now()), code: answer.code, detail, file }
    return answer
  }
  const during = async (
    what: NonNullable<typeof busy>,
    work: () => Promise<SetupAnswer>,
  ): Promise<SetupAnswer> => {
    if (busy !== null) return refuse('busy', `something else is under way: ${busy}`)
    busy = what
    workshop.onChange()
    try {
      return await work()
    } finally {
      busy = null
      workshop.onChange()
    }
  }

  /** On a disk that cannot be read the page says so elsewhere, and this room has nothing to go back to. */
  const versionsKept = (): Pick<ConfigurationState, 'versions' | 'undoTo'> => {
    try {
      return { versions: workshop.versions.list(), undoTo: workshop.versions.before() }
    } catch (error) {
      workshop.onTrouble(error)
      return { versions: [], undoTo: null }
    }
  }
  const goTo = async (number: number | null, why: string): Promise<SetupAnswer> => {
    const next = number === null ? null : workshop.versions.at(number)
    return next === null
      ? refuse('version-gone', 'this version is not kept any more')
      : await during('applying', () => workshop.apply(next, why))
  }
  const lockFor = (passphrase: string | null): SetupLock | SetupAnswer => {
    if (passphrase !== null) return isPassphrase(passphrase) ? { passphrase } : PASSPHRASE_SHORT
    const key = workshop.device()?.identity.sealingKey ?? null
    return key === null ? NOT_ENROLLED : { hall: key }
  }
  const save = async ({ stick, passphrase }: Action<'export'>): Promise<SetupAnswer> => {
    const lock = lockFor(passphrase)
    if ('ok' in lock) return told('export', null, lock)
    const file = await exportFile(workshop.written(), lock, machine, now())
    if (file === null) return told('export', null, NOTHING_TO_EXPORT)
    if (stick === null) {
      workshop.offer({ ...file, mediaType: MEDIA_TYPE })
    } else {
      const saved = await writeToStick(machine, stick, file.name, file.bytes)
      await watch.look()
      if (!saved.ok) return told('export', file.name, refuse(saved.code, saved.detail))
      file.name = saved.file
    }
    workshop.record({ fact: 'taken-along', what: 'configuration' })
    return told('export', file.name, DONE)
  }
  const open = async ({ stick, file, passphrase }: Action<'open'>): Promise<SetupAnswer> => {
    forget()
    const read = await readFromStick(machine, stick, file, MAX_SETUP_FILE_BYTES)
    if (!read.ok) return told('import', file, refuse(read.code, read.detail))
    const sealed = await openSetup(read.bytes.toString(), { passphrase: passphrase ?? '' })
    if (!sealed.ok) {
      const missing = sealed.code === 'wrong-passphrase' && passphrase === null
      return told('import', file, missing ? PASSPHRASE_MISSING : refuse(sealed.code, WHY_CLOSED[sealed.code]))
    }
    const held = await heldAgainst(sealed.payload, here())
    hold({ file, ...held.opened }, sealed.payload)
    last = null
    return DONE
  }
  const take = async (given: Action<'import'>): Promise<SetupAnswer> => {
    if (opened === null) return refuse('nothing-open', 'open a file first')
    const { shown, payload } = opened
    // What is plugged in, and what stands here, may be another by now.
    const held = await heldAgainst(payload, here())
    hold({ file: shown.file, ...held.opened }, payload)
    const { faults, missing, needs } = held.opened
    if (faults.length > 0)
      return refuse('faults', faults.map(({ place, detail }) => `${place}: ${detail}`).join('\n'))
    if (missing.length > 0 && !given.withoutMissing)
      return refuse('missing', missing.map(({ name, port }) => `${name} is not at ${port}`).join('\n'))
    if (needs.some((need) => given[need] === null))
      return refuse('name-missing', `give the ${needs.join(' and ')} of this device`)
    const own = {
      ...given,
      name: needs.includes('name') ? given.name : null,
      window: needs.includes('window') ? given.window : null,
    }
    const answer = await workshop.apply(held.next(own), 'imported')
    if (answer.ok) forget()
    return told('import', shown.file, answer)
  }

  return {
    state: () => ({
      ...versionsKept(),
      sticks: watch.sticks(),
      hallCanOpen: (workshop.device()?.identity.sealingKey ?? null) !== null,
      busy,
      last,
      opened: opened?.shown ?? null,
    }),
    async act(action) {
      switch (action.type) {
        case 'undo': {
          const to = workshop.versions.before()
          return to === null ? refuse('nothing-to-undo', 'nothing was changed yet') : await goTo(to, 'undone')
        }
        case 'go-to':
          return await goTo(action.number, 'gone-back')
        case 'look-for-sticks':
          await watch.look()
          return DONE
        case 'export':
          return await during('exporting', () => save(action))
        case 'open':
          return await during('opening', () => open(action))
        case 'import':
          return await during('applying', () => take(action))
        case 'close':
          forget()
          last = null
          workshop.onChange()
          return DONE
      }
    },
    /** What was opened holds tokens, and what was said is nobody else's. */
    left() {
      forget()
      last = null
    },
    async close() {
      forget()
      await watch.close()
    },
  }
}

const addressesOf = (configuration: Configuration | null): string[] =>
  [configuration?.screen.listen, configuration?.window?.listen].flatMap((address) =>
    address === undefined ? [] : [`${address.host}:${address.port}`],
  )

/** Of `HOST:PORT`. */
const portOf = (address: string): number[] => {
  const port = Number(address.slice(address.lastIndexOf(':') + 1))
  return Number.isInteger(port) ? [port] : []
}

/** What the first run has gathered before there is a device.json: the name and the code of the hall are not typed twice. */
const draftIn = (dataDir: string): unknown => {
  const { name = null, url = null, enrolmentCode = null } = readKept(dataDir, false).firstRun ?? {}
  return {
    ...(name !== null && { device: { name } }),
    ...(url !== null && { hall: { url, ...(enrolmentCode !== null && { enrolmentCode }) } }),
  }
}

const PASSPHRASE_SHORT = refuse('passphrase-short', 'a passphrase has 8 to 128 characters')
const PASSPHRASE_MISSING = refuse(
  'passphrase-missing',
  'this file opens with the passphrase that it was sealed to',
)
const NOT_ENROLLED = refuse('not-enrolled', 'only an enrolled device has a hall to seal for')
const NOTHING_TO_EXPORT = refuse('nothing-to-export', 'there is no configuration yet')
