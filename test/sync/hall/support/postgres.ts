/**
 * A real PostgreSQL of this test file alone: Debian's, in a folder of its own, with fsync on and a password asked for.
 * It is stopped and swept away at the end, also when the tests die.
 */
import { spawn, spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'

const VERSIONS_FOLDER = '/usr/lib/postgresql'
export const PASSWORD = 'correct-horse'

export interface TestPostgres {
  /** A new, empty database's address. */
  newDatabase(): Promise<string>
  /** As the server's owner, in the given database or in `postgres`. */
  ask<Row extends object>(text: string, url?: string): Promise<Row[]>
  /** `immediate` as after a power cut: nothing is put away, the log is replayed. */
  stop(how: 'fast' | 'immediate'): void
  start(): void
  /** For good: the folder goes as well. */
  remove(): Promise<void>
}

export interface PostgresSettings {
  readonly [name: string]: string
}

export async function startPostgres(settings: PostgresSettings = {}): Promise<TestPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'w24-postgres-'))
  const data = join(folder, 'data')
  mkdirSync(data)
  if (isRoot()) for (const path of [folder, data]) chownSync(path, idOf('-u'), idOf('-g'))
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, PASSWORD)
  run(
    'initdb',
    '-D',
    data,
    '-U',
    'postgres',
    '-E',
    'UTF8',
    '--no-locale',
    '--no-sync',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
  )
  const port = await freePort()
  const options = Object.entries({
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    port: String(port),
    ...settings,
  }).map(([name, value]) => `-c ${name}=${value}`)
  const server: Pick<TestPostgres, 'start' | 'stop'> = {
    start: () => run('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', options.join(' '), 'start'),
    stop: (how) => run('pg_ctl', '-D', data, '-w', '-m', how, 'stop'),
  }
  server.start()
  const sweep = sweepAtTheEnd(folder, data)
  const urlOf = (database: string): string => `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/${database}`
  let databases = 0
  async function ask<Row extends object>(text: string, url = urlOf('postgres')): Promise<Row[]> {
    const client = new Client({ connectionString: url })
    await client.connect()
    try {
      return (await client.query<Row>(text)).rows
    } finally {
      await client.end()
    }
  }
  return {
    ...server,
    ask,
    async newDatabase() {
      databases += 1
      await ask(`CREATE DATABASE hall_${databases}`)
      return urlOf(`hall_${databases}`)
    },
    remove: sweep,
  }
}

/** Waits for the end of its input, which comes when this process ends in whatever way. */
function sweepAtTheEnd(folder: string, data: string): () => Promise<void> {
  const [command = '', ...args] = asOwner('pg_ctl', '-D', data, '-m', 'immediate', 'stop')
  const script = `cat; "$@"; rm -rf '${folder}'`
  const sweeper = spawn('sh', ['-c', script, 'sh', command, ...args], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  sweeper.unref()
  return async () => {
    sweeper.ref()
    const swept = new Promise((resolve) => sweeper.once('exit', resolve))
    sweeper.stdin.end()
    await swept
  }
}

function run(program: string, ...args: string[]): void {
  const [command = '', ...rest] = asOwner(program, ...args)
  // The server inherits what its starter has open: a pipe would be waited for as long as it runs.
  const { status } = spawnSync(command, rest, { stdio: 'ignore' })
  if (status !== 0) throw new Error(`${program} ended with ${status}: is Debian's postgresql installed?`)
}

/** PostgreSQL refuses to run as root. */
function asOwner(program: string, ...args: string[]): string[] {
  const [version = ''] = readdirSync(VERSIONS_FOLDER).sort().reverse()
  const command = [join(VERSIONS_FOLDER, version, 'bin', program), ...args]
  if (!isRoot()) return command
  return ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', ...command]
}

const isRoot = (): boolean => process.getuid?.() === 0

const idOf = (which: '-u' | '-g'): number =>
  Number(spawnSync('id', [which, 'postgres'], { encoding: 'utf8' }).stdout)

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
