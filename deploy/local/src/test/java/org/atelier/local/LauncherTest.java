package org.atelier.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell script in the root, with JDKs and a Maven that only say that they were called. */
class LauncherTest {
    private static final List<String> MODULES = List.of("common", "worker", "dispatcher", "deploy/broker",
            "deploy/store", "deploy/chaos", "deploy/local");
    private static final List<String> TOOLS = List.of("cat", "cut", "dirname", "find", "grep", "head", "mkdir",
            "readlink", "rm", "sed", "sh", "stty", "tail", "touch", "tr");

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private Path home;
    private Path bin;

    private record Ran(int status, String out, String err) {}

    @BeforeEach
    void install() throws IOException {
        home = Files.createDirectories(folder.resolve("the home"));
        Files.copy(Path.of(System.getProperty("atelier.home"), "atelier"), home.resolve("atelier"));
        bin = Files.createDirectories(folder.resolve("bin"));
        for (var tool : TOOLS) {
            program(bin.resolve(tool), "exec " + which(tool) + " \"$@\"");
        }
        var target = Files.createDirectories(home.resolve("deploy/local/target"));
        Files.writeString(target.resolve("classpath"), "lib/a.jar:lib/b.jar");
        environment.put("PATH", bin.toString());
        environment.put("HOME", folder.toString());
        environment.put("ATELIER_JDK_FOLDERS", folder.resolve("nothing").toString());
    }

    private static Path which(String tool) {
        return List.of("/usr/bin", "/bin").stream()
                .map(place -> Path.of(place, tool))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow();
    }

    private static void program(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path jdk(Path place, String version) throws IOException {
        program(place.resolve("bin/java"), "echo jdk=" + version + "; for a in \"$@\"; do echo \"arg=$a\"; "
                + "case $a in -XX:ArchiveClassesAtExit=*) touch \"${a#*=}\";; esac; done");
        program(place.resolve("bin/javac"), "exit 1");
        Files.writeString(place.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return place;
    }

    private Ran run(Path script, String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("/bin/sh", script.toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.redirectError(folder.resolve("err").toFile());
        var process = builder.start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        return new Ran(status, out, Files.readString(folder.resolve("err")));
    }

    private Ran run(String... arguments) throws IOException, InterruptedException {
        return run(home.resolve("atelier"), arguments);
    }

    @Test
    void jdkOfJavaHomeIsUsed() throws Exception {
        environment.put("JAVA_HOME", jdk(folder.resolve("chosen jdk"), "21.0.2").toString());

        var ran = run("submit", "optimize", "--prompt", "a big smile");

        assertThat(ran.status()).isZero();
        assertThat(ran.out().lines()).startsWith("jdk=21.0.2").endsWith("arg=org.atelier.local.Atelier", "arg=submit",
                "arg=optimize", "arg=--prompt", "arg=a big smile");
        var target = home.toRealPath().resolve("deploy/local/target");
        assertThat(ran.out()).contains("arg=-Datelier.home=" + home.toRealPath())
                .contains("arg=" + target + "/atelier-local.jar:" + target + "/lib/a.jar:" + target + "/lib/b.jar\n");
    }

    @Test
    void jdkInPathIsUsedWhereJavaHomeIsTooOld() throws Exception {
        environment.put("JAVA_HOME", jdk(folder.resolve("old"), "17.0.15").toString());
        Files.createSymbolicLink(bin.resolve("java"), jdk(folder.resolve("opt/new"), "25").resolve("bin/java"));

        assertThat(run().out()).startsWith("jdk=25\n");
    }

    @Test
    void jreIsNotEnough() throws Exception {
        var jre = jdk(folder.resolve("jre"), "21");
        Files.delete(jre.resolve("bin/javac"));
        environment.put("JAVA_HOME", jre.toString());

        assertThat(run().status()).isEqualTo(5);
    }

    @Test
    void usualFoldersAreSearchedLast() throws Exception {
        jdk(folder.resolve("linux/java-11"), "11.0.1");
        jdk(folder.resolve("linux/java-8"), "1.8.0_402");
        jdk(folder.resolve("mac/temurin-22.jdk/Contents/Home"), "22");
        environment.put("ATELIER_JDK_FOLDERS", folder.resolve("linux") + ":" + folder.resolve("mac"));

        assertThat(run().out()).startsWith("jdk=22\n");
    }

    @Test
    void withoutAJdkItSaysWhatToInstall() throws Exception {
        environment.put("JAVA_HOME", jdk(folder.resolve("old"), "17").toString());

        var ran = run("demo");

        assertThat(ran.status()).isEqualTo(5);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("JDK of version 21 or newer", folder.resolve("old").toString(),
                "apt install openjdk-21", "brew install openjdk", "https://adoptium.net");
    }

    @Test
    void itWorksThroughLinksFromAnywhere() throws Exception {
        environment.put("JAVA_HOME", jdk(folder.resolve("jdk"), "21").toString());
        Files.createSymbolicLink(home.resolve("relative"), Path.of("atelier"));
        var link = Files.createSymbolicLink(bin.resolve("atelier"), home.resolve("relative"));

        var ran = run(link);

        assertThat(ran.status()).isZero();
        assertThat(ran.out()).contains("arg=-Datelier.home=" + home.toRealPath() + "\n");
    }

    /** Sources with a Maven that builds them, or says that it cannot. */
    private void sources(String mavenStatus) throws IOException {
        environment.put("JAVA_HOME", jdk(folder.resolve("jdk"), "21").toString());
        var jars = new StringBuilder();
        for (var module : MODULES) {
            Files.createDirectories(home.resolve(module).resolve("src/main"));
            Files.writeString(home.resolve(module).resolve("src/main/A.java"), "class A {}");
            Files.writeString(home.resolve(module).resolve("pom.xml"), "<project/>");
            Files.createDirectories(home.resolve(module).resolve("target"));
            jars.append(" '").append(jar(module)).append("'");
        }
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        program(bin.resolve("mvn"), "echo \"built with $JAVA_HOME: $*\" >>'" + folder.resolve("builds")
                + "'; echo '[INFO] building'; echo '[ERROR] A.java:1: no'; [ " + mavenStatus + " = 0 ] && touch"
                + jars + "; exit " + mavenStatus);
    }

    private Path jar(String module) {
        return home.resolve(module).resolve("target/atelier-" + Path.of(module).getFileName() + ".jar");
    }

    private List<String> builds() throws IOException {
        var file = folder.resolve("builds");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    @Test
    void itBuildsOnceWhenNothingIsBuilt() throws Exception {
        sources("0");

        var first = run("list");
        var second = run("list");

        assertThat(first.out()).contains("arg=list").doesNotContain("arg=demo");
        assertThat(first.err()).startsWith("Building Atelier").contains("Preparing quick starts").doesNotContain(
                "[INFO]");
        assertThat(second.err()).isEmpty();
        assertThat(builds()).hasSize(1);
        assertThat(builds().getFirst()).startsWith("built with " + folder.resolve("jdk") + ":").contains("package");
    }

    @Test
    void classesAreRecordedAfterABuildAndServeEveryLaterStart() throws Exception {
        sources("0");

        var first = run("list");
        var second = run("list");

        assertThat(home.resolve("target/build.log")).content().contains("arg=-Datelier.archive.record=true",
                "arg=demo", "arg=--steps");
        var archive = home.toRealPath().resolve("deploy/local/target/archive/atelier.jsa");
        assertThat(List.of(first.out(), second.out())).allMatch(out -> out.contains("arg=-XX:SharedArchiveFile="
                + archive));
        assertThat(home.resolve("target/prepare")).doesNotExist();
    }

    @Test
    void commandWorksWithoutRecordedClasses() throws Exception {
        sources("0");
        program(folder.resolve("jdk/bin/java"),
                "for a in \"$@\"; do echo \"arg=$a\"; [ \"$a\" != demo ] || exit 5; done");

        var ran = run("list");

        assertThat(ran.status()).isZero();
        assertThat(ran.err()).contains("That did not work, and starts stay slower", "build.log");
        assertThat(ran.out()).contains("arg=list").doesNotContain("SharedArchiveFile");
    }

    @Test
    void itBuildsAgainWhenASourceIsNewerThanTheBuild() throws Exception {
        sources("0");
        run("list");
        var later = FileTime.from(Instant.now().plusSeconds(60));

        Files.setLastModifiedTime(home.resolve("worker/src/main/A.java"), later);
        var ran = run("list");

        assertThat(ran.err()).startsWith("Building Atelier");
        assertThat(builds()).hasSize(2);
    }

    @Test
    void buildThatChangedNoJarIsNotDoneAgain() throws Exception {
        sources("0");
        run("list");
        var past = FileTime.from(Instant.now().minusSeconds(60));
        for (var module : MODULES) {
            Files.setLastModifiedTime(jar(module), past);
        }

        assertThat(run("list").err()).isEmpty();
        assertThat(builds()).hasSize(1);
    }

    @Test
    void failedBuildShowsItsErrors() throws Exception {
        sources("1");

        var ran = run("list");

        assertThat(ran.status()).isEqualTo(5);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("[ERROR] A.java:1: no", "target/build.log").doesNotContain("[INFO]");
        assertThat(home.resolve("target/build.log")).content().contains("[INFO] building");
    }

    @Test
    void withoutMavenItSaysWhatToInstall() throws Exception {
        sources("0");
        Files.delete(bin.resolve("mvn"));

        var ran = run("list");

        assertThat(ran.status()).isEqualTo(5);
        assertThat(ran.err()).contains("Install Maven 3.8", "apt install maven");
    }
}
