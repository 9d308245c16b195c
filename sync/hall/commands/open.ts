/** A hall's store for a command that works beside the server, or without it. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { HallError } from '../fault.ts'
import { openHallStore, STORE_FILE } from '../store/open.ts'
import type { Store } from '../store/store.ts'
import type { SharedValues } from './command.ts'

/** Only where a hall is: a mistyped folder must not become a second one. @throws HallError `no-hall-here` */
export async function withStore<T>(
  { data, database }: SharedValues,
  use: (store: Store) => Promise<T>,
): Promise<T> {
  if (database === null && !existsSync(join(data, STORE_FILE)))
    throw new HallError(
      'no-hall-here',
      `${data} holds no hall: give the folder that the server was started with`,
    )
  const store = await openHallStore({ dataDir: data, database, mayBeNew: false })
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}
