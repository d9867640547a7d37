package org.atelier.local.kafka;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBinding;
import org.atelier.chaos.worker.Chain;
import org.atelier.common.bundle.BundleUpload;
import org.atelier.common.config.Configuration;
import org.atelier.common.kafka.Grant;
import org.atelier.common.kafka.KafkaSettings;
import org.atelier.common.log.LogSettings;
import org.atelier.common.store.S3ObjectStore;
import org.atelier.local.fleet.FleetOptions;
import org.atelier.local.fleet.Installation;
import org.atelier.local.fleet.LocalFleet;
import org.atelier.local.fleet.LocalWorker;
import org.atelier.local.fleet.WorkerProgram;
import org.atelier.local.process.Ports;

/**
 * A fleet behind a broker that asks everybody. Its dispatcher has a password, its worker a certificate; each has a folder as the documents
 * call {@code /etc/atelier/kafka}, with the very properties that they show.
 */
final class SecuredFleet implements AutoCloseable {
    static final String DISPATCHER = "atelier-dispatcher";
    static final String WORKER = "atelier-worker";
    static final String POOL = "edit";
    static final String PASSWORD = "of-the-dispatcher";

    private static final String NO_OP = "org.atelier.chaos.worker.NoOpWorkerMain";
    /** Even when everybody talks no log has a secret. */
    private static final Map<String, String> TALKATIVE = Map.of(LogSettings.LEVEL.key(), "DEBUG", LogSettings.LIBRARIES
            .key(), "DEBUG");
    private static final Path BUNDLE = Path.of("models/avatar-128");
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(30);
    private static final int ITERATIONS = 4096;

    private final Path folder;
    private final Authority authority;
    private final FleetOptions.SecuredPorts ports;
    private final Installation installation = Installation.ofThisProcess();
    private final LocalFleet fleet;
    private final Map<String, String> ofWorker;
    private final Admin admin;
    private final LocalWorker worker;

    /** Starts broker and store; nobody may do anything yet. */
    SecuredFleet(Path folder, Map<String, String> dispatcher) throws IOException, InterruptedException {
        this.folder = folder;
        this.authority = new Authority(folder);
        authority.certify("broker");
        var free = new Ports(new SecureRandom()).free(2);
        this.ports = new FleetOptions.SecuredPorts(free.get(0), free.get(1), folder);
        var settings = new HashMap<>(dispatcher);
        settings.putAll(password(DISPATCHER, PASSWORD));
        settings.putAll(TALKATIVE);
        this.ofWorker = certificate(WORKER);
        var settingsOfWorker = new HashMap<>(ofWorker);
        settingsOfWorker.putAll(TALKATIVE);
        this.fleet = LocalFleet.openTemporary(installation, new FleetOptions(0, settings, settingsOfWorker, ports));
        fleet.startBrokerAndStore();
        this.admin = Admin.create(fleet.broker().settings().client("setup", Map.of()));
        var jar = Path.of(URI.create(Chain.class.getProtectionDomain().getCodeSource().getLocation().toString()));
        this.worker = fleet.addWorker("worker-1", new WorkerProgram(NO_OP, List.of(jar)), Map.of("ATELIER_POOL", POOL));
    }

    LocalFleet fleet() {
        return fleet;
    }

    LocalWorker worker() {
        return worker;
    }

    Map<String, String> variablesOfWorker() {
        return ofWorker;
    }

    /** Lets dispatcher and worker do what the documents list, and uploads the bundle that jobs name. */
    void allowFleet() throws ExecutionException, InterruptedException {
        user(DISPATCHER, PASSWORD);
        allow(DISPATCHER, Grant.ofDispatcher(true));
        allow(WORKER, Grant.ofWorker(POOL));
        uploadBundle();
    }

    /** What only the worker has: lines of its key. */
    List<String> keyOfWorker() throws IOException {
        return Files.readString(folder.resolve(WORKER).resolve("tls.key")).lines().filter(line -> line.length() > 40)
                .toList();
    }

    /** As who may do everything. */
    Admin admin() {
        return admin;
    }

    AuthorizerLog log() {
        return new AuthorizerLog(fleet.folder().resolve("logs/broker.log"));
    }

    private void uploadBundle() {
        try (var store = new S3ObjectStore(fleet.store().settings(), STORE_TIMEOUT)) {
            new BundleUpload(store).upload(installation.home().resolve(BUNDLE));
        }
    }

    /** Variables of a process that says by a password who it is. */
    Map<String, String> password(String name, String password) throws IOException {
        var own = Files.createDirectories(folder.resolve(name));
        Files.writeString(own.resolve("password"), password);
        return variables(own, "a user with a password", ports.sasl(), Map.of("atelier-dispatcher", name));
    }

    /** Variables of a process that says by a certificate who it is. */
    Map<String, String> certificate(String name) throws IOException, InterruptedException {
        var own = Files.createDirectories(folder.resolve(name));
        var parts = Files.readString(authority.certify(name)).split("(?=-----BEGIN CERTIFICATE)", 2);
        Files.writeString(own.resolve("tls.key"), parts[0]);
        Files.writeString(own.resolve("tls.crt"), parts[1]);
        return variables(own, "a client certificate", ports.tls(), Map.of());
    }

    private Map<String, String> variables(Path own, String title, int port, Map<String, String> names)
            throws IOException {
        Files.copy(folder.resolve("ca.crt"), own.resolve("ca.crt"),
                StandardCopyOption.REPLACE_EXISTING);
        var properties = documented(title).replace("/etc/atelier/kafka", own.toString());
        for (var name : names.entrySet()) {
            properties = properties.replace(name.getKey(), name.getValue());
        }
        return Map.of(KafkaSettings.BOOTSTRAP.key(), "127.0.0.1:" + port, KafkaSettings.PROPERTIES.key(), Files
                .writeString(own.resolve("client.properties"), properties).toString());
    }

    /** The properties of this title on the operators' page. */
    private String documented(String title) throws IOException {
        var page = Files.readString(installation.home().resolve("docs/operator.md"));
        var block = Pattern.compile("```properties\n(# client.properties of " + title + "\n.*?)```", Pattern.DOTALL)
                .matcher(page);
        if (!block.find()) {
            throw new IllegalStateException("docs/operator.md has no properties of " + title);
        }
        return block.group(1);
    }

    /** A client with the same settings. */
    static KafkaSettings settings(Map<String, String> variables) {
        return KafkaSettings.of(Configuration.read(KafkaSettings.LIST, variables));
    }

    /** Gives a user a password, or another one. */
    void user(String name, String password) throws ExecutionException, InterruptedException {
        admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(name, new ScramCredentialInfo(
                ScramMechanism.SCRAM_SHA_512, ITERATIONS), password))).all().get();
    }

    void allow(String name, List<Grant> grants) throws ExecutionException, InterruptedException {
        admin.createAcls(grants.stream().flatMap(grant -> grant.bindings("User:" + name).stream()).toList()).all()
                .get();
    }

    /** Takes one operation on one resource back. */
    void forbid(String name, Grant grant) throws ExecutionException, InterruptedException {
        admin.deleteAcls(grant.bindings("User:" + name).stream().map(AclBinding::toFilter).toList()).all().get();
    }

    @Override
    public void close() {
        admin.close();
        fleet.close();
    }
}
