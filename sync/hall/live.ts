/** What of a hall may change while its server runs: its content, its sealing keys, its settings, its certificate. */
import type { Logger } from 'pino'
import { canonicalText } from '../protocol/canonical.ts'
import { filesFingerprint, folderFingerprint, type Reloadable, reloadable } from '../reloadable.ts'
import { type HallConfiguration, readHallConfiguration } from './configuration.ts'
import { type HallContent, loadContent } from './content/content.ts'
import { HallError } from './fault.ts'
import { errorForLog } from './http/log.ts'
import { loadSealingKeys, type SealingKeys } from './sealing-keys.ts'
import { keysInForce } from './sealing-keys-adopted.ts'
import { readTls, type TlsFiles, type TlsText } from './tls.ts'

/**
 * Looking, not being told: it works on every file system, also where several instances share one over the network,
 * and costs a stat for each file.
 */
const LOOK_EVERY_MS = 5_000

export interface LiveOptions {
  contentFolder: string
  sealingKeysFile: string
  /** Those that were noted at the start. */
  sealingKeys: SealingKeys
  /** As `sealingKids.adopt` of the store. */
  noteSealingKeys: (kids: readonly string[]) => Promise<{ lacking: string[] }>
  /** Where `hall.json` lies. */
  dataDir: string
  configurationFile: string
  tls: TlsFiles | null
  clock: () => Date
  logger: Logger
  /** Called after a change was taken. */
  onContent: () => void
  onSettings: () => void
  onTls: (tls: TlsText) => void
}

export interface Live {
  readonly content: HallContent
  readonly configuration: HallConfiguration
  /**
   * Looked at whenever it is asked for: an instance must not lack a key that another has handed out. A new one seals
   * once it is noted.
   */
  readonly sealingKeys: SealingKeys
  /** Reads everything anew at once (SIGHUP). */
  reload(): void
  close(): void
}

/** @throws HallError when something of it cannot be read at the start */
export function watchHall(options: LiveOptions): Live {
  const { contentFolder, sealingKeysFile, dataDir, configurationFile, tls, clock, logger } = options
  const part = <T>(name: string, settle: boolean, fingerprint: () => string, load: () => T): Reloadable<T> =>
    reloadable({ load, fingerprint, settle, onFault: (error) => tellFault(name, error) })

  const content = part(
    'content',
    true,
    () => folderFingerprint(contentFolder),
    () => {
      const loaded = loadContent(contentFolder)
      if (loaded.leftAlone.length > 0)
        logger.warn(
          { names: loaded.leftAlone },
          'content: these are no recordings or pictures that can be handed out',
        )
      return loaded
    },
  )
  const configuration = part(
    'hall.json',
    false,
    () => filesFingerprint([configurationFile]),
    () => {
      const { configuration: read, warnings } = readHallConfiguration(dataDir)
      for (const warning of warnings) logger.warn(warning)
      return read
    },
  )
  let held = options.sealingKeys
  const keys = part(
    'sealing keys',
    false,
    () => filesFingerprint([sealingKeysFile]),
    () => {
      held = atLeast(held, loadSealingKeys(sealingKeysFile, false, clock()), sealingKeysFile)
      return held
    },
  )
  const certificate =
    tls === null
      ? null
      : part(
          'certificate',
          true,
          () => filesFingerprint([tls.certFile, tls.keyFile]),
          () => readTls(tls),
        )
  const inForce = keysInForce({ first: options.sealingKeys, note: options.noteSealingKeys, logger })
  inForce.offer(keys.value)
  const atStart = withoutSettings(configuration.value)

  function tellFault(what: string, error: unknown): void {
    const reason =
      error instanceof HallError ? { code: error.code, reason: error.message } : errorForLog(error)
    logger.error({ what, ...reason }, 'a changed file was not taken; what stood before goes on')
  }

  function keysTaken(): void {
    logger.info({ kid: keys.value.current.kid }, 'sealing keys read anew')
    inForce.offer(keys.value)
  }

  function pass(step: (one: Reloadable<unknown>) => boolean): void {
    if (step(keys)) keysTaken()
    if (step(content)) {
      logger.info({ version: content.value.manifest.version }, 'content read anew')
      options.onContent()
    }
    if (step(configuration)) {
      if (withoutSettings(configuration.value) !== atStart)
        logger.warn('hall.json: settings are taken now, everything else at the next start')
      options.onSettings()
    }
    if (certificate !== null && step(certificate)) {
      logger.info('certificate read anew')
      options.onTls(certificate.value)
    }
  }

  const timer = setInterval(() => {
    tried(() => pass((one) => one.look()))
    inForce.retry()
  }, LOOK_EVERY_MS)
  timer.unref()

  function tried(action: () => void): void {
    try {
      action()
    } catch (error) {
      logger.error(errorForLog(error), 'files could not be looked at')
    }
  }

  return {
    get content() {
      return content.value
    },
    get configuration() {
      return configuration.value
    },
    get sealingKeys() {
      tried(() => {
        if (keys.look()) keysTaken()
      })
      return inForce.value
    },
    reload: () => tried(() => pass((one) => one.reload())),
    close: () => clearInterval(timer),
  }
}

/** An older file put over the newer one would leave closed what was sealed meanwhile. */
function atLeast(held: SealingKeys, read: SealingKeys, path: string): SealingKeys {
  const lacking = held.all.find(({ kid }) => !read.all.some((key) => key.kid === kid))
  if (lacking === undefined) return read
  throw new HallError(
    'sealing-keys-lacking',
    `${path} has lost key ${lacking.kid}: put the newer file back; until then the keys read before go on`,
  )
}

function withoutSettings({ settings: _, ...rest }: HallConfiguration): string {
  return canonicalText(rest)
}
