/** The health of one running device, put together from its parts. */
import { STATUS_FAULTS_MAX, type StatusFault } from '../../sync/protocol/devices.ts'
import type { HallSide } from '../hall-side.ts'
import type { HealthFault } from '../http/contract.ts'
import type { Peripherals } from '../peripherals/peripherals.ts'
import type { House } from '../role.ts'
import type { StorageWatch } from '../storage-watch.ts'
import { gatherer } from './gather.ts'
import type { Lasting } from './settle.ts'
import type { TroubleKind } from './trouble.ts'
import { type DeviceHealth, type HealthWatch, watchHealth } from './watch.ts'

export type { DeviceHealth, HealthWatch }

/** Another list of faults is told to the hall at once. */
export const startHealth = (
  house: House,
  parts: {
    dataDir: string
    peripherals: Pick<Peripherals, 'all'>
    storage: Pick<StorageWatch, 'alarm'>
    hallSide: Pick<HallSide, 'view' | 'statusChanged'>
    /** How long each kind has to last; as LASTING unless told otherwise. */
    lasting?: Record<TroubleKind, Lasting> | undefined
  },
): HealthWatch => {
  const { configuration, identity, onTrouble } = house
  const { dataDir, peripherals, storage, hallSide, lasting } = parts
  const health = watchHealth({
    dataDir,
    device: { role: configuration.role, name: configuration.device.name, id: () => identity.deviceId },
    snapshot: gatherer({ ...house, dataDir, peripherals, storageAlarm: storage.alarm, hall: hallSide.view }),
    onTrouble,
    ...(lasting && { lasting }),
  })
  health.onChange(hallSide.statusChanged)
  return health
}

/** As the hall is told: codes alone, what to do is for whoever stands at the device. */
export const statusFaults = (faults: readonly HealthFault[]): StatusFault[] =>
  faults.slice(0, STATUS_FAULTS_MAX).map(({ id, severity, since, stops }) => ({ id, severity, since, stops }))
