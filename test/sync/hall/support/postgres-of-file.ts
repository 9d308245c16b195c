import { afterAll, beforeAll } from 'vitest'
import { startPostgres, type TestPostgres } from './postgres.ts'

/** A disk that others are busy on takes its time over a whole new cluster, and over its last words. */
const SERVER_TIMEOUT_MS = 60_000

/** One server for all tests of a file. */
export function postgresOfThisFile(): () => TestPostgres {
  let server: TestPostgres | null = null
  beforeAll(async () => {
    server = await startPostgres()
  }, SERVER_TIMEOUT_MS)
  afterAll(async () => await server?.remove(), SERVER_TIMEOUT_MS)
  return () => {
    if (server === null) throw new Error('asked for before the tests have begun')
    return server
  }
}
