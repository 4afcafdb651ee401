import assert from "node:assert/strict";
import { test } from "node:test";
import { flush, locked, refused, told } from "../testing.ts";

const INSTALL = {
  __INPUT_ARTIFACTS_HASH: { "com.google.guava:guava": 1 },
  artifacts: {
    "com.google.guava:failureaccess": { shasums: { jar: "aa" }, version: "1.0.1" },
    "com.google.guava:guava": { shasums: { jar: "bb" }, version: "31.1-jre" },
    "io.netty:netty-transport:jar:linux-x86_64": { shasums: { jar: "cc" }, version: "4.1.100.Final" },
  },
  dependencies: {
    "com.google.guava:guava": ["com.google.guava:failureaccess"],
    "com.google.guava:guava:jar:sources": ["com.google.guava:failureaccess:jar:sources"],
  },
  version: "2",
};

const install = (change: object = {}): string => JSON.stringify({ ...INSTALL, ...change }, null, 2);

test("maven_install.json: what is asked for, what it brings, classifiers", () => {
  assert.deepEqual(told(locked("maven_install.json", install())), [
    "6: com.google.guava:failureaccess 1.0.1 transitive",
    "12: com.google.guava:guava 31.1-jre direct → com.google.guava:failureaccess",
    "18: io.netty:netty-transport 4.1.100.Final transitive",
  ]);
  const older = told(locked("x_maven_install.json", install({ __INPUT_ARTIFACTS_HASH: 1 })));
  assert.ok(
    older.every((line) => line.includes(" listed")),
    older.join(),
  );
});

test("maven_install.json: what is cut off or of another format is refused", () => {
  refused(() => locked("maven_install.json", install().slice(0, 200)), "maven_install.json", "it is not JSON");
  refused(() => locked("maven_install.json", install({ version: "1" })), 'expected "version": "2", found "1"');
  const lost = install({ dependencies: { "com.google.guava:guava": ["a:gone"] } });
  refused(() => locked("maven_install.json", lost), "guava depends on a:gone, of which there is no entry");
  refused(
    () => locked("maven_install.json", install({ dependencies: { "a:b": [] } })),
    "dependencies of a:b, but no artifact",
  );
  refused(
    () => locked("maven_install.json", install({ artifacts: { "a:b": {} }, dependencies: {} })),
    "a:b has no version",
  );
});

test("gradle.lockfile: entries with their configurations", () => {
  const text = flush(`
    # written by Gradle
    com.google.guava:guava:31.1-jre=compileClasspath,runtimeClasspath
    org.slf4j:slf4j-api:2.0.9=runtimeClasspath
    empty=annotationProcessor
  `);
  assert.deepEqual(told(locked("gradle.lockfile", text)), [
    "2: com.google.guava:guava 31.1-jre listed",
    "3: org.slf4j:slf4j-api 2.0.9 listed",
  ]);
  refused(
    () => locked("gradle.lockfile", "com.google.guava:gua"),
    "gradle.lockfile:1",
    "expected group:artifact:version",
  );
  refused(() => locked("gradle.lockfile", "a:b:1=x\na:b:1=y\n"), "gradle.lockfile:2", "a:b:1 is there twice");
});

const POM = flush(`
  <project xmlns="http://maven.apache.org/POM/4.0.0">
    <parent><groupId>org.ours</groupId><version>7</version></parent>
    <properties><guava.version>31.1-jre</guava.version></properties>
    <dependencyManagement><dependencies>
      <dependency><groupId>a</groupId><artifactId>managed</artifactId><version>1.0</version></dependency>
    </dependencies></dependencyManagement>
    <dependencies>
      <dependency><groupId>com.google.guava</groupId><artifactId>guava</artifactId><version>\${guava.version}</version></dependency>
      <dependency><groupId>\${project.groupId}</groupId><artifactId>own</artifactId><version>\${project.version}</version></dependency>
      <dependency><groupId>a</groupId><artifactId>managed</artifactId></dependency>
      <dependency><groupId>a</groupId><artifactId>inherited</artifactId></dependency>
      <dependency><groupId>a</groupId><artifactId>range</artifactId><version>[1,2)</version></dependency>
      <dependency><groupId>a</groupId><artifactId>unknown</artifactId><version>\${elsewhere}</version></dependency>
    </dependencies>
  </project>
`);

test("pom.xml: properties, managed versions, and versions that it does not say", () => {
  const lock = locked("pom.xml", POM);
  assert.deepEqual(
    told(lock).map((line) => line.replace(/ Give the.*\./, "")),
    [
      "8: com.google.guava:guava 31.1-jre direct",
      "9: org.ours:own 7 direct",
      "10: a:managed 1.0 direct",
      "11: a:inherited  direct (its version is inherited.)",
      "12: a:range [1,2) direct (its version is a range, [1,2).)",
      "13: a:unknown ${elsewhere} direct (its version is ${elsewhere}.)",
    ],
  );
  assert.match(lock.partial ?? "", /not what that brings along/);
});

test("pom.xml: what is cut off, twice there or something else is refused", () => {
  refused(() => locked("pom.xml", POM.slice(0, 400)), "pom.xml", "it is not XML");
  refused(() => locked("pom.xml", "<settings/>"), "expected <project>, found <settings>");
  const twice = POM.replace("<artifactId>range<", "<artifactId>inherited<");
  refused(() => locked("pom.xml", twice), "pom.xml:12", "a:inherited is there twice");
});
