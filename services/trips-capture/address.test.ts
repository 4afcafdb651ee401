import { expect, test } from "vitest";
import { cameraAddress } from "./address.ts";

test("the address on the cable follows from the last three digits of the serial number", () => {
  expect(cameraAddress("usb:C3534200000123")).toEqual({ baseUrl: "http://172.21.123.51:8080", wired: true });
  expect(cameraAddress("usb:906")).toEqual({ baseUrl: "http://172.29.106.51:8080", wired: true });
});

test("wifi is the camera's own access point, and a base URL is taken as it is", () => {
  expect(cameraAddress("wifi")).toEqual({ baseUrl: "http://10.5.5.9:8080", wired: false });
  expect(cameraAddress("http://172.21.123.51:8080/")).toMatchObject({ wired: true });
  expect(cameraAddress("https://192.0.2.7", { user: "gopro", password: "x" })).toEqual({
    baseUrl: "https://192.0.2.7",
    wired: false,
    user: "gopro",
    password: "x",
  });
});

test("anything else is refused with what is expected", () => {
  for (const camera of ["usb:", "usb:12", "bluetooth", "ftp://x", "http://"])
    expect(() => cameraAddress(camera)).toThrow("expected wifi, usb:<serial number>");
});
