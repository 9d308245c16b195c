/** One reporting instance in a process of its own, to be killed at any moment: node instance.ts '{…}' */
import { pino } from 'pino'
import { startProvinceReporter } from '../../../../sync/hall/province/reporter.ts'
import type { ProvinceSettings } from '../../../../sync/hall/province/settings.ts'
import { openHallStore } from '../../../../sync/hall/store/open.ts'
import type { SealingKeyPair } from '../../../../sync/protocol/keys.ts'
import { profileOf, QUICK } from './support.ts'

export interface InstanceOptions {
  dataDir: string
  database: string | null
  name: string
  deadlineSeconds: number
  settings: ProvinceSettings
  sealing: SealingKeyPair
}

const options = JSON.parse(process.argv[2] ?? '') as InstanceOptions
const { dataDir, database, name, deadlineSeconds, settings, sealing } = options
const store = await openHallStore({ dataDir, database })
const reporter = startProvinceReporter({
  store,
  settings,
  dataDir,
  sources: { caseSystem: null, sealingKeys: { all: [sealing] } },
  clock: () => new Date(),
  logger: pino({ level: 'silent' }),
  profile: profileOf(name, { deadlineSeconds }),
  timing: QUICK,
})
process.once('SIGTERM', () => {
  void reporter.close().then(() => store.close())
})
process.stdout.write('started\n')
