{{/* What no schema can say, because it is between values. Each refusal says what to do. */}}
{{- define "atelier.checks" -}}
{{- if eq .Values.database.kind "sqlite" -}}
{{- if gt (int .Values.dispatcher.replicas) 1 -}}
{{- fail "dispatcher.replicas is more than 1 and database.kind is sqlite, a file of one dispatcher. Set database.kind to postgresql, or dispatcher.replicas to 1." -}}
{{- end -}}
{{- if .Values.dispatcher.autoscaling.enabled -}}
{{- fail "dispatcher.autoscaling is enabled and database.kind is sqlite, a file of one dispatcher. Set database.kind to postgresql, or switch the autoscaling off." -}}
{{- end -}}
{{- if .Values.dev.postgresql.enabled -}}
{{- fail "dev.postgresql is enabled and nothing uses it. Set database.kind to postgresql, or switch it off." -}}
{{- end -}}
{{- else -}}
{{- if and (not .Values.dev.postgresql.enabled) (not .Values.database.url) -}}
{{- fail "database.kind is postgresql and there is none: set database.url to jdbc:postgresql://host:5432/name, or dev.postgresql.enabled to true to try things." -}}
{{- end -}}
{{- if not .Values.database.secret -}}
{{- fail "database.secret is missing: the name of a secret with the keys user and password." -}}
{{- end -}}
{{- end -}}
{{- if and (not .Values.dev.kafka.enabled) (not .Values.kafka.bootstrap) -}}
{{- fail "kafka.bootstrap is missing: host:port of the brokers with commas between; or set dev.kafka.enabled to true to try things." -}}
{{- end -}}
{{- if and .Values.dev.kafka.enabled (or .Values.kafka.bootstrap .Values.kafka.propertiesSecret) -}}
{{- fail "dev.kafka is enabled and kafka.bootstrap or kafka.propertiesSecret names another Kafka. Take one of the two away." -}}
{{- end -}}
{{- if and .Values.dev.kafka.enabled (gt (int .Values.kafka.topics.replication) 1) -}}
{{- fail "dev.kafka is one broker: set kafka.topics.replication and kafka.topics.minInsync to 1." -}}
{{- end -}}
{{- if lt (int .Values.kafka.topics.replication) (int .Values.kafka.topics.minInsync) -}}
{{- fail "kafka.topics.minInsync is more than kafka.topics.replication: no record could ever be written. Lower the first or raise the second." -}}
{{- end -}}
{{- if and (not .Values.dev.store.enabled) (not .Values.store.endpoint) -}}
{{- fail "store.endpoint is missing: the address of the S3 store; or set dev.store.enabled to true to try things." -}}
{{- end -}}
{{- if not .Values.store.secret -}}
{{- fail "store.secret is missing: the name of a secret with the keys accessKey and secretKey." -}}
{{- end -}}
{{- if and .Values.dispatcher.ingress.enabled .Values.dispatcher.gateway.enabled -}}
{{- fail "dispatcher.ingress and dispatcher.gateway are both enabled. Take one of the two." -}}
{{- end -}}
{{- $settings := .Values.dispatcher.settings -}}
{{- $secretSettings := list -}}
{{- range .Values.dispatcher.secretSettings -}}{{- $secretSettings = append $secretSettings .setting -}}{{- end -}}
{{- if and (not .Values.access.adminTokenSecret) (not (hasKey $settings "ATELIER_OIDC_ISSUER")) (not (has "ATELIER_ADMIN_TOKEN" $secretSettings)) -}}
{{- fail "access.adminTokenSecret is missing: a dispatcher that others can reach does not start without tokens. Name a secret whose key token has at least 32 characters, or set ATELIER_OIDC_ISSUER and ATELIER_OIDC_JWKS in dispatcher.settings." -}}
{{- end -}}
{{- if and .Values.monitoring.podMonitor (not .Values.monitoring.tokenSecret) -}}
{{- fail "monitoring.tokenSecret is missing: the dispatcher tells its numbers to those with the role operate. Name a secret whose key token is such a token." -}}
{{- end -}}
{{- if and .Values.dispatcher.tls.caSecret (not .Values.dispatcher.tls.secret) -}}
{{- fail "dispatcher.tls.caSecret vouches for a certificate, and dispatcher.tls.secret names none. Name it, or take the first away." -}}
{{- end -}}
{{- $serving := dict -}}
{{- range $name, $own := .Values.pools -}}
{{- $pool := include "atelier.pool" (list $ $own) | fromJson -}}
{{- $members := mul (int (include "atelier.mostWorkers" $pool)) (int $pool.slots) -}}
{{- if gt $members (int $.Values.kafka.shareGroupMaxSize) -}}
{{- fail (printf "pool %s may have %d slots (workers times slots), and a share group of these brokers has %d members at most (kafka.shareGroupMaxSize). Raise group.share.max.size of the brokers (up to 1000) and the value, or split the pool." $name $members (int $.Values.kafka.shareGroupMaxSize)) -}}
{{- end -}}
{{- if and (ne $pool.scaling.mode "fixed") (not $.Values.keda.tokenSecret) -}}
{{- fail (printf "keda.tokenSecret is missing and KEDA scales the pool %s: the demand is told to those with the role operate. Name a secret whose key token is such a token, or set the pool's scaling.mode to fixed." $name) -}}
{{- end -}}
{{- if gt (int $pool.scaling.minReplicas) (int $pool.scaling.maxReplicas) -}}
{{- fail (printf "pool %s: scaling.minReplicas is more than scaling.maxReplicas." $name) -}}
{{- end -}}
{{- if and (eq $pool.modelCache.kind "claim") (not $pool.modelCache.claimName) -}}
{{- fail (printf "pool %s: modelCache.claimName is missing: the name of a claim that can be mounted by many nodes." $name) -}}
{{- end -}}
{{- range $pool.types -}}
{{- if hasKey $serving . -}}
{{- fail (printf "job type %s is served by the pools %s and %s. A type has one pool." . (get $serving .) $name) -}}
{{- end -}}
{{- $_ := set $serving . $name -}}
{{- end -}}
{{- end -}}
{{- end -}}
