package org.atelier.helm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Values that operators may have, each with what it is for. */
final class Combinations {
    private static final String EXISTING = """
            kafka: {bootstrap: "kafka:9092", topics: {create: true, partitions: 8, replication: 3, minInsync: 2}}
            store: {endpoint: "http://minio:9000", region: us-east-1, bucket: atelier, secret: atelier-store}
            """;
    private static final String POSTGRESQL = """
            database: {kind: postgresql, url: "jdbc:postgresql://db.data.svc/atelier", secret: atelier-database}
            """;

    private Combinations() {}

    /** All of them by name. */
    static Map<String, String> all() {
        var all = new LinkedHashMap<String, String>();
        all.put("least", EXISTING);
        all.put("try", Chart.example("try.yaml"));
        all.put("gpu fleet", Chart.example("gpu-fleet.yaml"));
        all.put("all bundled", """
                dev: {kafka: {enabled: true}, store: {enabled: true}, postgresql: {enabled: true}}
                kafka: {topics: {replication: 1, minInsync: 1}}
                store: {secret: atelier-store}
                database: {kind: postgresql, secret: atelier-database}
                """);
        all.put("no disk, no policies, no accounts", EXISTING + """
                dispatcher: {persistence: {enabled: false}, podDisruptionBudget: false, service: {port: 80}}
                networkPolicy: {enabled: false}
                serviceAccount: {create: false}
                poolDefaults: {podDisruptionBudget: false, scaling: {mode: scaledObject}}
                """);
        all.put("autoscaled behind an ingress", EXISTING + POSTGRESQL + """
                dispatcher:
                  autoscaling: {enabled: true}
                  ingress: {enabled: true, className: nginx, host: a.example.com, tlsSecret: tls, annotations: {a/b: c}}
                  annotations: {team: faces}
                """);
        all.put("settings and secrets of one's own", EXISTING + """
                nameOverride: faces
                image: {registry: r.example.com/, pullSecrets: [pull], pullPolicy: Always}
                dispatcher:
                  settings: {ATELIER_MAX_ATTEMPTS: 5, ATELIER_RETRY_BACKOFF: 10s, ATELIER_LOG_LEVEL: DEBUG}
                  secretSettings: [{setting: ATELIER_DATABASE_PASSWORD, secret: other, key: password}]
                  priorityClassName: high
                  nodeSelector: {zone: a}
                  tolerations: [{operator: Exists}]
                pools:
                  edit:
                    types: [generate, optimize]
                    slots: 4
                    settings: {ATELIER_THREADS: 4, ATELIER_CHECKPOINT_INTERVAL: 1m}
                    modelCache: {kind: claim, claimName: models}
                    annotations: {team: faces}
                    doNotDisrupt: true
                podDeletionCost: {rbac: true}
                serviceAccount: {annotations: {iam.example.com/role: atelier}}
                monitoring: {podMonitor: true, rules: true, dashboards: true, labels: {release: prometheus}}
                networkPolicy: {extraEgressPorts: [4317]}
                """);
        return all;
    }

    /** Names and values, for tests of each. */
    static Stream<Map.Entry<String, String>> stream() {
        return all().entrySet().stream();
    }

    /** What every installation needs, for tests that add to it. */
    static String existing() {
        return EXISTING;
    }
}
