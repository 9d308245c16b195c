/**
 * The sealing keys of this instance against those that its hall is known to have. A key is noted in the store before
 * any device is told of it: what is sealed for a key that the other instances lack stays closed there.
 */
import type { Logger } from 'pino'
import { HallError } from './fault.ts'
import { errorForLog } from './http/log.ts'
import { loadSealingKeys, type SealingKeys } from './sealing-keys.ts'
import type { Store } from './store/store.ts'

/**
 * Makes the first key of a hall that is new; afterwards the file must hold every key that was ever handed out.
 * @returns the keys, all of them noted
 * @throws HallError `sealing-keys-damaged` or `sealing-keys-lacking`
 */
export async function adoptSealingKeys(path: string, store: Store, now: Date): Promise<SealingKeys> {
  const isNew = (await store.sealingKids.isEmpty()) && (await store.devices()).length === 0
  const keys = loadSealingKeys(path, isNew, now)
  const { lacking } = await store.sealingKids.adopt(kidsOf(keys), now)
  if (lacking.length === 0) return keys
  throw new HallError(
    'sealing-keys-lacking',
    `${path} lacks ${lacking.length} of the keys that this hall's devices have sealed for (${lacking.join(', ')}): copy the file of another instance of this hall, or restore it from a backup`,
  )
}

export const kidsOf = ({ all }: SealingKeys): string[] => all.map(({ kid }) => kid)

export interface KeysInForce {
  /** Opens with every key that was read; devices are told only of one that is noted. */
  readonly value: SealingKeys
  /** Keys that were read anew: in force once they are noted, unless one of the hall's is not among them. */
  offer(read: SealingKeys): void
  /** Tries again what the store could not answer. */
  retry(): void
}

/** @param note as `sealingKids.adopt`: notes these kids, or tells which of the hall's are not among them */
export function keysInForce(options: {
  first: SealingKeys
  note: (kids: readonly string[]) => Promise<{ lacking: string[] }>
  logger: Logger
}): KeysInForce {
  const { note, logger } = options
  let value = options.first
  let waiting: SealingKeys | null = null
  let asking = false

  async function adopt(read: SealingKeys): Promise<void> {
    asking = true
    try {
      const { lacking } = await note(kidsOf(read))
      if (read !== waiting) return
      waiting = null
      if (lacking.length === 0) value = read
      else
        logger.error(
          { kid: read.current.kid, kept: value.current.kid, lacking },
          'the sealing keys lack some of this hall: the new one is not handed out, the one before goes on',
        )
    } catch (error) {
      logger.error(errorForLog(error), 'sealing keys not noted; tried again')
    } finally {
      asking = false
      if (waiting !== null && waiting !== read) await adopt(waiting)
    }
  }

  function retry(): void {
    if (waiting !== null && !asking) void adopt(waiting)
  }

  return {
    get value() {
      return value
    },
    offer(read) {
      value = { all: read.all, current: value.current }
      if (read.current.kid === value.current.kid) return
      waiting = read
      retry()
    },
    retry,
  }
}
