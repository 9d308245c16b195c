/** The sealing keys of this instance against those that its hall is known to have. */
import { HallError } from './fault.ts'
import { loadSealingKeys } from './sealing-keys.ts'
import type { Store } from './store/store.ts'

/**
 * Makes the first key of a hall that is new; afterwards the file must hold every key that was ever handed out.
 * @throws HallError `sealing-keys-damaged` or `sealing-keys-lacking`
 */
export async function adoptSealingKeys(path: string, store: Store, now: Date): Promise<void> {
  const isNew = (await store.sealingKids.isEmpty()) && (await store.devices()).length === 0
  const keys = loadSealingKeys(path, isNew, now)
  const { lacking } = await store.sealingKids.adopt(
    keys.all.map(({ kid }) => kid),
    now,
  )
  if (lacking.length > 0)
    throw new HallError(
      'sealing-keys-lacking',
      `${path} lacks ${lacking.length} of the keys that this hall's devices have sealed for (${lacking.join(', ')}): copy the file of another instance of this hall, or restore it from a backup`,
    )
}
