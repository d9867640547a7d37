{{/* One node, broker and controller at once. The image takes a setting a.b as KAFKA_A_B. */}}
{{- define "atelier.dev.kafka" -}}
env:
  - {name: KAFKA_NODE_ID, value: "1"}
  - {name: KAFKA_PROCESS_ROLES, value: "broker,controller"}
  - {name: KAFKA_LISTENERS, value: "PLAINTEXT://:9092,CONTROLLER://:9093"}
  - {name: KAFKA_ADVERTISED_LISTENERS, value: "PLAINTEXT://{{ include "atelier.name" . }}-kafka:9092"}
  - {name: KAFKA_LISTENER_SECURITY_PROTOCOL_MAP, value: "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"}
  - {name: KAFKA_CONTROLLER_LISTENER_NAMES, value: CONTROLLER}
  - {name: KAFKA_CONTROLLER_QUORUM_VOTERS, value: "1@localhost:9093"}
  # A folder below the mount: the root of some disks holds lost+found, which Kafka takes for a topic.
  - {name: KAFKA_LOG_DIRS, value: /var/lib/kafka/data/logs}
  - {name: KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR, value: "1"}
  - {name: KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR, value: "1"}
  - {name: KAFKA_TRANSACTION_STATE_LOG_MIN_ISR, value: "1"}
  - {name: KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR, value: "1"}
  - {name: KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR, value: "1"}
  - {name: KAFKA_GROUP_SHARE_MAX_SIZE, value: {{ .Values.kafka.shareGroupMaxSize | quote }}}
  - {name: KAFKA_AUTO_CREATE_TOPICS_ENABLE, value: "false"}
{{- end -}}

{{- define "atelier.dev.store" -}}
args: [server, /data]
env:
  - name: MINIO_ROOT_USER
    valueFrom: {secretKeyRef: {name: {{ .Values.store.secret }}, key: accessKey}}
  - name: MINIO_ROOT_PASSWORD
    valueFrom: {secretKeyRef: {name: {{ .Values.store.secret }}, key: secretKey}}
{{- end -}}

{{- define "atelier.dev.postgresql" -}}
env:
  - {name: POSTGRES_DB, value: atelier}
  - {name: PGDATA, value: /var/lib/postgresql/data/pgdata}
  - name: POSTGRES_USER
    valueFrom: {secretKeyRef: {name: {{ .Values.database.secret }}, key: user}}
  - name: POSTGRES_PASSWORD
    valueFrom: {secretKeyRef: {name: {{ .Values.database.secret }}, key: password}}
{{- end -}}
