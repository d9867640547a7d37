package org.atelier.helm;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Values that operators may have, each with what it is for. */
final class Combinations {
    private static final String EXISTING = """
            kafka: {bootstrap: "kafka:9092", topics: {create: true, partitions: 8, replication: 3, minInsync: 2}}
            store: {endpoint: "http://minio:9000", region: us-east-1, bucket: atelier, secret: atelier-store}
            access: {adminTokenSecret: atelier-admin}
            """;

    private static final String POSTGRESQL = """
            database: {kind: postgresql, url: "jdbc:postgresql://db.data.svc/atelier", secret: atelier-database}
            """;

    private static final String UNCHECKED = """
            kafka: {bootstrap: "kafka:9092", propertiesSecret: atelier-kafka}
            store: {endpoint: "http://minio:9000", secret: atelier-store}
            dispatcher:
              tls: {secret: atelier-tls}
              settings: {ATELIER_OIDC_ISSUER: issuer, ATELIER_OIDC_JWKS: "https://id.example.com:8443/keys"}
              webhooks: {enabled: true, ports: [443, 8080], networks: [10.20.0.0/16, "fd00::/8"], http: true}
              publicPaths: [/]
              gateway: {enabled: true, parentName: public, host: a.example.com}
            poolDefaults: {scaling: {mode: scaledJob}}
            keda: {tokenSecret: atelier-keda}
            monitoring: {podMonitor: true, tokenSecret: atelier-metrics}
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
                access: {adminTokenSecret: atelier-admin}
                """);
        all.put("no disk, no policies, no accounts", EXISTING + """
                dispatcher: {persistence: {enabled: false}, podDisruptionBudget: false, service: {port: 80}}
                networkPolicy: {enabled: false}
                serviceAccount: {create: false}
                poolDefaults: {podDisruptionBudget: false, scaling: {mode: scaledObject}}
                keda: {tokenSecret: atelier-keda}
                """);
        all.put("users in Kafka", EXISTING + """
                dispatcher: {kafkaPropertiesSecret: kafka-dispatcher}
                poolDefaults: {kafkaPropertiesSecret: kafka-worker}
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
                podDeletionCost: {enabled: true}
                serviceAccount: {annotations: {iam.example.com/role: atelier}}
                monitoring:
                  podMonitor: true
                  tokenSecret: atelier-metrics
                  runbooks: https://git.example.com/atelier/docs/
                  rules: true
                  dashboards: true
                  labels: {release: prometheus}
                networkPolicy: {extraEgressPorts: [4317]}
                tracing:
                  endpoint: http://collector.observability:4318
                  sampler: parentbased_traceidratio
                  samplerArg: 0.1
                  headersSecret: collector
                  resourceAttributes: deployment.environment=test
                """);
        all.put("HTTPS that nobody checks, people of an issuer, webhooks", UNCHECKED);
        return all;
    }

    /** HTTPS that nobody checks, people of an issuer, webhooks to networks of one's own. */
    static String unchecked() {
        return UNCHECKED;
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
