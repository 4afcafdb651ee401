import jpeg from "jpeg-js";
import { dump, type IExif, insert, TagValues } from "piexif-ts";
import { paintLandscape } from "./landscape.ts";
import { lightAt } from "./light.ts";
import type { RoutePosition } from "./route.ts";
import { sunPosition } from "./sun.ts";

/** How a picture is taken. */
export interface Shot {
  readonly position: RoutePosition;
  /** Metres from the start of the route. */
  readonly distance: number;
  /** The instant by the camera's clock. */
  readonly takenAt: Date;
  /** Minutes that the camera's local time is ahead of UTC; null when the zone was never set. */
  readonly zoneMinutes: number | null;
  readonly gpsLock: boolean;
  /** The picture says that it was taken at 0, 0. */
  readonly zeroPlace?: boolean;
  /** The picture says nothing. */
  readonly noExif?: boolean;
  /** `HERO13 Black` unless told. */
  readonly model?: string;
  readonly width: number;
  readonly height: number;
}

const F_NUMBER = 2.5;
const DAY_MS = 86_400_000;
const { ImageIFD, ExifIFD, GPSIFD } = TagValues;

/** Takes the picture: a painted landscape as a JPEG with the EXIF that a HERO13 writes. */
export function takePhoto(shot: Shot): Buffer {
  const sun = sunPosition(shot.position, sceneTime(shot.takenAt, shot.zoneMinutes ?? 0));
  const picture = paintLandscape({ position: shot.position, distance: shot.distance, sun }, shot.width, shot.height);
  const encoded = jpeg.encode(picture, 86).data;
  if (shot.noExif) return encoded;
  const exif = dump(exifOf(shot, lightAt(sun.elevation).brightness));
  return Buffer.from(insert(exif, encoded.toString("latin1")), "latin1");
}

/**
 * The raw file beside a picture: a TIFF header with the tags Make and DNGVersion, and then the picture as its payload.
 * It is as long and as unlike a JPEG as a client needs; no raw converter opens it.
 */
export function rawFile(picture: Uint8Array): Buffer {
  const make = "GoPro\0";
  const header = Buffer.alloc(8 + 2 + 2 * 12 + 4 + 6);
  header.write("II*\0", "latin1");
  header.writeUInt32LE(8, 4);
  header.writeUInt16LE(2, 8);
  const entry = (at: number, tag: number, type: number, count: number) => {
    header.writeUInt16LE(tag, at);
    header.writeUInt16LE(type, at + 2);
    header.writeUInt32LE(count, at + 4);
  };
  entry(10, 0x010f, 2, make.length);
  header.writeUInt32LE(38, 18);
  entry(22, 0xc612, 1, 4);
  header.set([1, 4, 0, 0], 30);
  header.write(make, 38, "latin1");
  return Buffer.concat([header, picture, picture]);
}

/**
 * The instant that lights a picture: on a day in June when the clocks at the route (summer time, UTC + 1) show what the camera's show.
 * It is always summer, so that a drive of a winter's afternoon has something to show.
 */
export function sceneTime(takenAt: Date, zoneMinutes: number): Date {
  const localMs = takenAt.getTime() + zoneMinutes * 60_000;
  return new Date(Date.UTC(2026, 5, 10) + (((localMs % DAY_MS) + DAY_MS) % DAY_MS) - 3_600_000);
}

function exifOf(shot: Shot, brightness: number): IExif {
  const ev = 3 + 11.5 * brightness;
  const iso = brightness > 0.5 ? 100 : brightness > 0.2 ? 400 : 1600;
  const shutter = ((F_NUMBER ** 2 / 2 ** ev) * 100) / iso;
  const local = exifDateTime(new Date(shot.takenAt.getTime() + (shot.zoneMinutes ?? 0) * 60_000));
  const offset = shot.zoneMinutes === null ? {} : offsetTags(shot.zoneMinutes);
  const exif: IExif = {
    "0th": {
      [ImageIFD.Make]: "GoPro",
      [ImageIFD.Model]: shot.model ?? "HERO13 Black",
      [ImageIFD.Software]: "H24.01.02.10.00",
      [ImageIFD.DateTime]: local,
      [ImageIFD.Orientation]: 1,
    },
    Exif: {
      [ExifIFD.ExifVersion]: "0232",
      [ExifIFD.DateTimeOriginal]: local,
      [ExifIFD.DateTimeDigitized]: local,
      [ExifIFD.SubSecTimeOriginal]: String(shot.takenAt.getUTCMilliseconds()).padStart(3, "0"),
      ...offset,
      [ExifIFD.ExposureTime]: [1, Math.max(1, Math.round(1 / shutter))],
      [ExifIFD.FNumber]: [F_NUMBER * 10, 10],
      [ExifIFD.ISOSpeedRatings]: iso,
      [ExifIFD.FocalLength]: [271, 100],
      [ExifIFD.FocalLengthIn35mmFilm]: 16,
      [ExifIFD.PixelXDimension]: shot.width,
      [ExifIFD.PixelYDimension]: shot.height,
    },
  };
  if (shot.gpsLock) exif.GPS = gpsTags(shot);
  return exif;
}

function offsetTags(minutes: number) {
  const sign = minutes < 0 ? "-" : "+";
  const clock = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const text = `${sign}${clock(Math.abs(minutes) / 60)}:${clock(Math.abs(minutes) % 60)}`;
  return { [ExifIFD.OffsetTime]: text, [ExifIFD.OffsetTimeOriginal]: text, [ExifIFD.OffsetTimeDigitized]: text };
}

function gpsTags({ position: truth, takenAt, zeroPlace }: Shot) {
  const position = zeroPlace ? { ...truth, lat: 0, lng: 0 } : truth;
  const utc = [takenAt.getUTCHours(), takenAt.getUTCMinutes(), takenAt.getUTCSeconds()];
  return {
    [GPSIFD.GPSVersionID]: [2, 3, 0, 0],
    [GPSIFD.GPSLatitudeRef]: position.lat < 0 ? "S" : "N",
    [GPSIFD.GPSLatitude]: sexagesimal(position.lat),
    [GPSIFD.GPSLongitudeRef]: position.lng < 0 ? "W" : "E",
    [GPSIFD.GPSLongitude]: sexagesimal(position.lng),
    [GPSIFD.GPSAltitudeRef]: position.elevation < 0 ? 1 : 0,
    [GPSIFD.GPSAltitude]: [Math.round(Math.abs(position.elevation) * 10), 10],
    [GPSIFD.GPSImgDirectionRef]: "T",
    [GPSIFD.GPSImgDirection]: [Math.round(position.heading * 10), 10],
    [GPSIFD.GPSMapDatum]: "WGS-84",
    [GPSIFD.GPSTimeStamp]: utc.map((value) => [value, 1]),
    [GPSIFD.GPSDateStamp]: exifDateTime(takenAt).slice(0, 10),
  };
}

function sexagesimal(value: number) {
  const tenThousandths = Math.round(Math.abs(value) * 36_000_000);
  const [perDegree, perMinute] = [36_000_000, 600_000];
  return [
    [Math.floor(tenThousandths / perDegree), 1],
    [Math.floor((tenThousandths % perDegree) / perMinute), 1],
    [tenThousandths % perMinute, 10_000],
  ];
}

function exifDateTime(instant: Date): string {
  return instant.toISOString().slice(0, 19).replaceAll("-", ":").replace("T", " ");
}
