{{/* Environment of both processes, how to reach Kafka and the store: a list of root and the secret of the part's Kafka client, if any. */}}
{{- define "atelier.env.shared" -}}
{{- $kafka := index . 1 -}}
{{- with index . 0 -}}
- {name: ATELIER_KAFKA_BOOTSTRAP, value: {{ include "atelier.kafka.bootstrap" . | quote }}}
{{- if $kafka }}
- {name: ATELIER_KAFKA_PROPERTIES, value: /etc/atelier/kafka/client.properties}
{{- end }}
- {name: ATELIER_LOG_FORMAT, value: {{ .Values.logFormat }}}
{{- with .Values.tracing }}
{{- if .endpoint }}
- {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: {{ .endpoint | quote }}}
{{- with .sampler }}
- {name: OTEL_TRACES_SAMPLER, value: {{ . }}}
{{- end }}
{{- with .samplerArg }}
- {name: OTEL_TRACES_SAMPLER_ARG, value: {{ . | quote }}}
{{- end }}
{{- with .resourceAttributes }}
- {name: OTEL_RESOURCE_ATTRIBUTES, value: {{ . | quote }}}
{{- end }}
{{- with .headersSecret }}
- name: OTEL_EXPORTER_OTLP_HEADERS
  valueFrom: {secretKeyRef: {name: {{ . }}, key: headers}}
{{- end }}
{{- end }}
{{- end }}
- {name: ATELIER_STORE_ENDPOINT, value: {{ include "atelier.store.endpoint" . | quote }}}
{{- with .Values.store.publicEndpoint }}
- {name: ATELIER_STORE_PUBLIC_ENDPOINT, value: {{ . | quote }}}
{{- end }}
- {name: ATELIER_STORE_REGION, value: {{ .Values.store.region | quote }}}
- {name: ATELIER_STORE_BUCKET, value: {{ .Values.store.bucket | quote }}}
- name: ATELIER_STORE_ACCESS_KEY
  valueFrom: {secretKeyRef: {name: {{ .Values.store.secret }}, key: accessKey}}
- name: ATELIER_STORE_SECRET_KEY
  valueFrom: {secretKeyRef: {name: {{ .Values.store.secret }}, key: secretKey}}
{{- end -}}
{{- end -}}

{{/* The secret of a part's Kafka client: a list of root and the part's values. */}}
{{- define "atelier.kafka.secret" -}}
{{- (index . 1).kafkaPropertiesSecret | default (index . 0).Values.kafka.propertiesSecret -}}
{{- end -}}

{{/* Settings of an operator's own, in a stable order. */}}
{{- define "atelier.env.settings" -}}
{{- range $name, $value := . }}
- {name: {{ $name }}, value: {{ $value | toString | quote }}}
{{- end }}
{{- end -}}

{{- define "atelier.security.pod" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "atelier.security.container" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* Of both processes: the secret of the part's Kafka client, if any. */}}
{{- define "atelier.volumes.shared" -}}
- {name: tmp, emptyDir: {}}
{{- if . }}
- name: kafka
  secret: {secretName: {{ . }}}
{{- end }}
{{- end -}}

{{- define "atelier.mounts.shared" -}}
- {name: tmp, mountPath: /tmp}
{{- if . }}
- {name: kafka, mountPath: /etc/atelier/kafka, readOnly: true}
{{- end }}
{{- end -}}

{{/* What a pod of any part has: a list of root and the part's values. */}}
{{- define "atelier.placement" -}}
{{- $root := index . 0 -}}{{- $part := index . 1 -}}
{{- with $root.Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - {name: {{ . }}}
{{- end }}
{{- end }}
{{- with $part.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $part.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $part.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
