import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isUp } from './ippeveprinter.ts'
import { freePort, needTools, run, start, stop } from './tools.ts'

/** A print server of the test's own, with one queue `a4`. */
export interface Cups {
  /** `ipp://127.0.0.1:PORT/printers/a4` */
  readonly port: string
  /** For the command-line tools' `-h`. */
  readonly server: string
  /** Documents, and records of jobs, that it keeps. */
  spooled(): string[]
  /** Job titles and users that it logged. */
  pageLog(): string
  pause(): void
  resume(): void
  /** As its service is stopped: killed, it would forget a queue that is younger than 30 s. */
  stop(): Promise<void>
  restart(): Promise<void>
  close(): Promise<void>
}

export interface CupsOptions {
  /** Default: an IPP Everywhere queue to this. */
  deviceUri: string
  /** Default Debian's own: a day. */
  preserveJobFiles?: 'No' | '1d'
  /** What it does with a job whose backend has failed. Default abort-job. */
  errorPolicy?: 'abort-job' | 'retry-job' | 'stop-printer'
}

/** As Debian's, but for the folders, the port and who may set queues up. */
const configuration = (folder: string, number: number, preserve: string): string => `
Listen 127.0.0.1:${number}
Listen ${folder}/cups.sock
LogLevel warn
Browsing No
WebInterface No
PreserveJobFiles ${preserve}
ErrorPolicy abort-job
<Location />
  Order allow,deny
  Allow localhost
</Location>
<Policy default>
  JobPrivateAccess default
  JobPrivateValues default
  SubscriptionPrivateAccess default
  SubscriptionPrivateValues default
  <Limit Create-Job Print-Job Print-URI Validate-Job>
    Order deny,allow
  </Limit>
  <Limit Send-Document Send-URI Hold-Job Release-Job Cancel-Job Cancel-Jobs Cancel-My-Jobs Close-Job CUPS-Get-Document>
    Require user @OWNER @SYSTEM
    Order deny,allow
  </Limit>
  <Limit All>
    Order deny,allow
    Allow localhost
  </Limit>
</Policy>
`

const files = (folder: string): string => `
ServerRoot ${folder}/etc
RequestRoot ${folder}/spool
TempDir ${folder}/spool/tmp
CacheDir ${folder}/cache
StateDir ${folder}/state
ErrorLog ${folder}/error_log
AccessLog ${folder}/access_log
PageLog ${folder}/page_log
`

/** Starts cupsd with folders of its own; filters and backends are the system's. */
export async function startCups(options: CupsOptions): Promise<Cups> {
  needTools('cupsd', 'lpadmin', 'cupsenable', 'cupsdisable')
  if (process.getuid?.() !== 0)
    throw new Error('cupsd runs its filters as another user: run these tests as root')
  const folder = mkdtempSync(join(tmpdir(), 'w24-cups-'))
  // Filters run as lp and look into it.
  chmodSync(folder, 0o755)
  for (const name of ['etc', 'spool', 'spool/tmp', 'cache', 'state']) mkdirSync(join(folder, name))
  const number = await freePort()
  const [server, port] = [`127.0.0.1:${number}`, `ipp://127.0.0.1:${number}/printers/a4`]
  const [daemon, paths] = [join(folder, 'etc/cupsd.conf'), join(folder, 'etc/cups-files.conf')]
  writeFileSync(daemon, configuration(folder, number, options.preserveJobFiles ?? '1d'))
  writeFileSync(paths, files(folder))
  const launch = async () => {
    const started = start('cupsd', ['-f', '-c', daemon, '-s', paths])
    await isUp(port, () => started.child.exitCode !== null && started.said())
    return started.child
  }
  let child = await launch()
  const cups = {
    port,
    server,
    spooled: () => readdirSync(join(folder, 'spool')).filter((name) => name !== 'tmp'),
    pageLog: () => readFileSync(join(folder, 'page_log'), 'utf8'),
    pause: () => void run('cupsdisable', ['-h', server, 'a4']),
    resume: () => void run('cupsenable', ['-h', server, 'a4']),
    stop: () => stop(child),
    restart: async () => {
      child = await launch()
    },
    close: async () => {
      await stop(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
  const policy = `printer-error-policy=${options.errorPolicy ?? 'abort-job'}`
  const queue = ['-E', '-v', options.deviceUri, '-m', 'everywhere', '-o', policy]
  run('lpadmin', ['-h', server, '-p', 'a4', ...queue])
  return cups
}
