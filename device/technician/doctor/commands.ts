/** Command lines that a technician is told to type. */

export const RULES_FILE = '/etc/udev/rules.d/99-window24.rules'

/** Debian's group for serial lines; the rules give it the HID devices too, so that one membership does. */
export const PORT_GROUP = 'dialout'

/** With the configuration in hand the rules cover its devices, too, whatever their make. */
export const installRules = (config: string | null): { command: string }[] => {
  const file = config === null ? '' : `--config ${quoted(config)} `
  return [
    { command: `window24 doctor ${file}--udev-rules | sudo tee ${RULES_FILE}` },
    { command: 'sudo udevadm control --reload && sudo udevadm trigger' },
  ]
}

/** The same look with root's eyes and that user's rights. */
export const lookAsRoot = (user: string, config: string | null): { command: string } => ({
  command: `sudo window24 doctor ${config === null ? '' : `--config ${quoted(config)} `}--user ${quoted(user)}`,
})

/** Programs that would be started again: they are stopped as services. */
const SERVICES: Record<string, string> = { ModemManager: 'ModemManager', brltty: 'brltty', cupsd: 'cups' }

/** Makes these programs let go. */
export const stopCommands = (holders: readonly { name: string; pid: number }[]): { command: string }[] => {
  const services = new Set(holders.flatMap(({ name }) => SERVICES[name] ?? []))
  const pids = holders.filter(({ name }) => SERVICES[name] === undefined).map(({ pid }) => pid)
  return [
    ...[...services].map((service) => ({ command: `sudo systemctl stop ${service}` })),
    ...(pids.length === 0 ? [] : [{ command: `sudo kill ${pids.join(' ')}` }]),
  ]
}

/** One word for a shell: names of queues and files are free, and what is printed here is typed by root. */
export const quoted = (word: string): string =>
  /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
