/** Why no device runs behind these pages, by the device's code. */
export const stoppedEn: Record<string, string> = {
  configuration:
    'Its configuration has faults, a line for each: go back to an earlier version under Configuration, or import one from a stick.',
  'port-taken': 'Another program has its port. Stop that program, or choose another port.',
  'address-not-here': 'It is to listen at an address that this machine does not have. Give one that it has.',
  'port-forbidden': 'Its port needs more rights. Choose one from 1024 up.',
  store: 'Its records cannot be opened. Look at Health: the disk may be full or broken.',
  identity: 'Its identity is damaged. Restore it from a backup, or retire the device and enrol it anew.',
  'data-folder': 'Its data folder cannot be used. Check its permissions and the disk.',
}
