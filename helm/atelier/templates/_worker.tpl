{{/* The pod of a worker: a list of root, the pool's name and its values. */}}
{{- define "atelier.worker.pod" -}}
{{- $root := index . 0 -}}{{- $name := index . 1 -}}{{- $pool := index . 2 -}}
{{- $kafka := include "atelier.kafka.secret" (list $root $pool) -}}
{{- $job := eq $pool.scaling.mode "scaledJob" -}}
metadata:
  labels: {{- include "atelier.labels" (list $root "worker" $name) | nindent 4 }}
  {{- if or $pool.annotations $pool.doNotDisrupt }}
  annotations:
    {{- if $pool.doNotDisrupt }}
    cluster-autoscaler.kubernetes.io/safe-to-evict: "false"
    karpenter.sh/do-not-disrupt: "true"
    {{- end }}
    {{- with $pool.annotations }}{{ toYaml . | nindent 4 }}{{ end }}
  {{- end }}
spec:
  serviceAccountName: {{ include "atelier.account.worker" $root }}
  automountServiceAccountToken: {{ $root.Values.podDeletionCost.enabled }}
  # Kubernetes would add variables that begin with ATELIER_ for each service of that name.
  enableServiceLinks: false
  # The worker drains on SIGTERM by itself; a preStop would only eat of this time.
  terminationGracePeriodSeconds: {{ $pool.gracePeriodSeconds }}
  {{- if $job }}
  restartPolicy: Never
  {{- end }}
  securityContext: {{- include "atelier.security.pod" $root | nindent 4 }}
  {{- with $pool.gpu.runtimeClassName }}
  runtimeClassName: {{ . }}
  {{- end }}
  {{- include "atelier.placement" (list $root $pool) | nindent 2 }}
  containers:
    - name: worker
      image: "{{ $root.Values.image.registry }}{{ $root.Values.image.worker }}:{{ include "atelier.tag" $root }}{{ if $pool.gpu.count }}-cuda{{ end }}"
      imagePullPolicy: {{ $root.Values.image.pullPolicy }}
      securityContext: {{- include "atelier.security.container" $root | nindent 8 }}
      env:
        {{- include "atelier.env.shared" (list $root $kafka) | nindent 8 }}
        - {name: ATELIER_POOL, value: {{ $name | quote }}}
        - {name: ATELIER_SLOTS, value: {{ $pool.slots | quote }}}
        - {name: ATELIER_DEVICE, value: {{ ternary "cuda" "cpu" (gt (int $pool.gpu.count) 0) | quote }}}
        - {name: ATELIER_CACHE_DIR, value: /var/cache/atelier}
        - {name: ATELIER_GRACE_PERIOD, value: "{{ sub (int $pool.gracePeriodSeconds) 10 }}s"}
        - {name: ATELIER_HEALTH_HOST, value: "0.0.0.0"}
        - {name: ATELIER_HEALTH_PORT, value: "8090"}
        {{- if $root.Values.podDeletionCost.enabled }}
        - {name: ATELIER_POD_DELETION_COST, value: "true"}
        - name: ATELIER_POD_NAME
          valueFrom: {fieldRef: {fieldPath: metadata.name}}
        {{- end }}
        {{- if not $pool.gpu.count }}
        # How the engine's threads wait and how it keeps memory; each decides about a factor (worker/DESIGN.md).
        - {name: GOMP_SPINCOUNT, value: "3000"}
        - {name: MALLOC_MMAP_MAX_, value: "0"}
        - {name: MALLOC_ARENA_MAX, value: "1"}
        - {name: MALLOC_TRIM_THRESHOLD_, value: "100000000000"}
        {{- end }}
        {{- if $job }}
        - {name: ATELIER_EXIT_WHEN_IDLE, value: "{{ $pool.scaling.exitWhenIdleSeconds }}s"}
        {{- end }}
        - {name: JAVA_TOOL_OPTIONS, value: {{ $pool.javaOptions | quote }}}
        {{- include "atelier.env.settings" $pool.settings | nindent 8 }}
      ports:
        - {name: health, containerPort: 8090}
      # No lock of a record ticks while networks load: the worker takes work only when it is ready, and may take long to be.
      startupProbe:
        httpGet: {path: /healthz, port: health}
        periodSeconds: 5
        failureThreshold: 120
      livenessProbe:
        httpGet: {path: /healthz, port: health}
        periodSeconds: 10
        timeoutSeconds: 5
        failureThreshold: 6
      readinessProbe:
        httpGet: {path: /readyz, port: health}
        periodSeconds: 5
        timeoutSeconds: 5
      resources: {{- include "atelier.worker.resources" $pool | nindent 8 }}
      volumeMounts:
        {{- include "atelier.mounts.shared" $kafka | nindent 8 }}
        - {name: models, mountPath: /var/cache/atelier}
  volumes:
    {{- include "atelier.volumes.shared" $kafka | nindent 4 }}
    - name: models
      {{- if eq $pool.modelCache.kind "hostPath" }}
      hostPath: {path: {{ $pool.modelCache.path | quote }}, type: DirectoryOrCreate}
      {{- else if eq $pool.modelCache.kind "claim" }}
      persistentVolumeClaim: {claimName: {{ $pool.modelCache.claimName }}}
      {{- else }}
      emptyDir: {sizeLimit: {{ $pool.modelCache.sizeLimit }}}
      {{- end }}
{{- end -}}

{{/* Resources of a pool, its GPU among the limits (which Kubernetes takes as the request, too). */}}
{{- define "atelier.worker.resources" -}}
{{- $resources := deepCopy .resources -}}
{{- if .gpu.count -}}
{{- $limits := set ($resources.limits | default dict) .gpu.resource (int .gpu.count) -}}
{{- $_ := set $resources "limits" $limits -}}
{{- end -}}
{{- toYaml $resources -}}
{{- end -}}

{{/* What KEDA asks the dispatcher: a list of root and pool name. 503 from there is an error and never a zero. */}}
{{- define "atelier.worker.trigger" -}}
{{- $root := index . 0 -}}{{- $name := index . 1 -}}{{- $pool := index . 2 -}}
- type: metrics-api
  {{- if eq $pool.scaling.mode "scaledObject" }}
  metricType: AverageValue
  {{- end }}
  metadata:
    url: "{{ include "atelier.scheme" $root }}://{{ include "atelier.name" $root }}-dispatcher.{{ $root.Release.Namespace }}.svc:{{ $root.Values.dispatcher.service.port }}/v1/scaling/{{ $name }}"
    format: json
    valueLocation: demandSlots
    targetValue: {{ $pool.slots | quote }}
    activationTargetValue: "0"
    authMode: bearer
    {{- if and $root.Values.dispatcher.tls.secret (not $root.Values.dispatcher.tls.caSecret) }}
    unsafeSsl: "true"
    {{- end }}
  authenticationRef: {name: {{ include "atelier.name" $root }}-keda}
{{- end -}}
