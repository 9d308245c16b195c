/** For a device that is there and whose node this user may not open, whatever its kind. */
export const NOT_PERMITTED = 'this user may not use it: install the udev rules (`window24 doctor` says how)'
