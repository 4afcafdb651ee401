import type { CameraAddress } from "./request.ts";

/** The address of a camera whose Wi-Fi this machine has joined. */
const WIFI = "http://10.5.5.9:8080";

/**
 * Where a camera answers. `wifi`: at the camera's own access point. `usb:<serial number>`: on the cable, where the camera has
 * 172.2X.1YZ.51, XYZ being the last three digits of its serial number. Else a base URL; with https that of a camera in the home network.
 *
 * @throws when it is none of these.
 */
export function cameraAddress(camera: string, login: { user?: string; password?: string } = {}): CameraAddress {
  const credentials = login.user ? { user: login.user, password: login.password ?? "" } : {};
  if (camera === "wifi") return { baseUrl: WIFI, wired: false, ...credentials };
  const usb = /^usb:[A-Za-z0-9]*(\d)(\d)(\d)$/.exec(camera);
  if (usb) {
    const [, x, y, z] = usb;
    return { baseUrl: `http://172.2${x}.1${y}${z}.51:8080`, wired: true, ...credentials };
  }
  if (/^https?:\/\/[^/]+/.test(camera) && URL.canParse(camera)) {
    const wired = /^172\.2\d\.1\d\d\.51$/.test(new URL(camera).hostname);
    return { baseUrl: camera.replace(/\/+$/, ""), wired, ...credentials };
  }
  throw new Error(
    `CAMERA is ${JSON.stringify(camera)}; expected wifi, usb:<serial number> (its last three characters are digits) or a base URL.`,
  );
}
