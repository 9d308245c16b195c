/** A workshop over a folder of its own, with its real versions and files; no device runs behind it. */
import { parseConfiguration } from '../../../../device/configuration.ts'
import { openVersions } from '../../../../device/technician/configuration/versions.ts'
import { DONE, refuse, type Workshop } from '../../../../device/technician/workshop.ts'

/** @param facts where what it records is put */
export const workshopIn = (
  dataDir: string,
  configPath: string,
  listen: string,
  facts: object[],
): Workshop => {
  const versions = openVersions(dataDir, configPath)
  return {
    dataDir,
    configPath,
    listen: () => listen,
    configuration() {
      const parsed = parseConfiguration(versions.written())
      return parsed.ok ? parsed.configuration : null
    },
    written: () => versions.written(),
    versions,
    device: () => null,
    onDevice: () => () => {},
    busy: () => false,
    async apply(next, why) {
      const added = versions.add(next, why)
      return added.ok ? DONE : refuse(added.code, added.detail)
    },
    restart: async () => DONE,
    retire: async () => DONE,
    record: (fact) => void facts.push(fact),
    offer: () => {},
    onChange: () => {},
    onTrouble(error) {
      throw error
    },
  }
}
