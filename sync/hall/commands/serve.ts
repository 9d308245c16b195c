/** `window24 hall`: the server itself. */
import { pino } from 'pino'
import type { StoreError } from '../../sqlite.ts'
import { type Hall, startHall } from '../hall.ts'
import { serveParent } from '../parent.ts'
import type { TlsFiles } from '../tls.ts'
import { DONE, defineCommand, FAULT_FOUND, WrongUse } from './command.ts'

const DEFAULT_LISTEN = '0.0.0.0:8026'

export const serve = defineCommand({
  help: `  window24 hall --data DIR [--listen HOST:PORT] [--tls-cert F --tls-key F] [--sealing-keys F] [--demo]
      runs until it is stopped; everything it keeps lies in DIR
      --listen        ${DEFAULT_LISTEN} unless told otherwise
      --tls-cert      PEM, with the certificates between it and its root; --tls-key is its key. Devices take plain
                      http on this very machine only: without these two a proxy in front brings the certificate
      --sealing-keys  the file with the keys that names are sealed for, when it is not to lie in DIR; several
                      instances of one hall share it
      --demo          the demonstration hall: its guides, people and cases, all invented
      Changed content, settings, keys and certificates are taken within seconds, by SIGHUP at once.
`,
  options: {
    listen: { type: 'string' },
    demo: { type: 'boolean' },
    'tls-cert': { type: 'string' },
    'tls-key': { type: 'string' },
    'sealing-keys': { type: 'string' },
  },
  async run({ hall: { data, database }, values }) {
    const tls = tlsFiles(values['tls-cert'], values['tls-key'])
    const logger = pino({ name: 'hall' }, pino.destination({ dest: process.stderr.fd, sync: true }))
    const hall = await startHall({
      dataDir: data,
      database,
      listen: values.listen ?? DEFAULT_LISTEN,
      demo: values.demo ?? false,
      tls,
      sealingKeysFile: values['sealing-keys'] ?? null,
      logger,
    })
    hall.failed.then(endAtOnce)
    const stopped = untilStopped(hall)
    const release = serveParent(hall)
    if (process.send === undefined) process.stdout.write(`hall server: ${hall.url}\n`)
    await stopped
    await hall.close()
    release()
    return DONE
  },
})

function tlsFiles(certFile: string | undefined, keyFile: string | undefined): TlsFiles | null {
  if (certFile === undefined && keyFile === undefined) return null
  if (certFile === undefined || keyFile === undefined)
    throw new WrongUse('--tls-cert and --tls-key are needed together')
  return { certFile, keyFile }
}

/**
 * Nothing is closed: whoever is on the line is told nothing rather than something that may not be so. Whatever runs
 * this server starts it anew, and the store is read from its disk then.
 */
function endAtOnce(fault: StoreError): never {
  process.stderr.write(`window24 hall: ${fault.message}\n`)
  process.exit(FAULT_FOUND)
}

/**
 * A signal, or the end of the parent that this server was started for. SIGHUP is a terminal that was closed where
 * there is one, and everywhere else a word to read the changed files.
 */
async function untilStopped(hall: Hall): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = (): void => resolve()
  const hangUp = (): void => (process.stdout.isTTY ? stop() : hall.reload())
  process.on('SIGINT', stop).on('SIGTERM', stop).on('disconnect', stop).on('SIGHUP', hangUp)
  await promise
  process.off('SIGINT', stop).off('SIGTERM', stop).off('disconnect', stop).off('SIGHUP', hangUp)
}
