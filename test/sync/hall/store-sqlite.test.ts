import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { openSqliteStore } from '../../../sync/hall/store/sqlite.ts'
import { newFolder } from './helpers.ts'
import { storeConformance } from './store-conformance.ts'

storeConformance('SQLite', async () => {
  const folder = newFolder()
  const path = join(folder, 'hall.sqlite')
  const store = openSqliteStore(path)
  return {
    store,
    reopen: async () => openSqliteStore(path),
    async remove() {
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
})
