// ruleid: mock-of-own-code
vi.mock("./store.ts");
// ruleid: mock-of-own-code
vi.mock("#lib/objects/objects.ts", () => ({ openObjects: () => fake }));
// ruleid: mock-of-own-code
vi.doMock("../camera.ts", factory);
// ok: mock-of-own-code
vi.useFakeTimers();
// ok: mock-of-own-code
vi.mock("maplibre-gl", () => ({ Map: class {} }));
// ok: mock-of-own-code
const store = createTripStore();
