{{/* One pod with one disk and the service in front: a list of root, part, port, container (text), where its disk is, and its user. */}}
{{- define "atelier.dev" -}}
{{- $root := index . 0 -}}{{- $part := index . 1 -}}{{- $port := index . 2 -}}
{{- $name := printf "%s-%s" (include "atelier.name" $root) $part -}}
{{- $own := index $root.Values.dev $part -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  labels: {{- include "atelier.labels" (list $root $part) | nindent 4 }}
spec:
  selector: {{- include "atelier.selector" (list $root $part) | nindent 4 }}
  ports:
    - {name: main, port: {{ $port }}, targetPort: main}
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {{ $name }}
  labels: {{- include "atelier.labels" (list $root $part) | nindent 4 }}
spec:
  serviceName: {{ $name }}
  replicas: 1
  selector:
    matchLabels: {{- include "atelier.selector" (list $root $part) | nindent 6 }}
  template:
    metadata:
      labels: {{- include "atelier.labels" (list $root $part) | nindent 8 }}
    spec:
      automountServiceAccountToken: false
      enableServiceLinks: false
      securityContext:
        runAsNonRoot: true
        runAsUser: {{ index . 5 }}
        runAsGroup: {{ index . 5 }}
        fsGroup: {{ index . 5 }}
        seccompProfile: {type: RuntimeDefault}
      containers:
        - name: {{ $part }}
          image: {{ $own.image | quote }}
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: {drop: [ALL]}
          ports:
            - {name: main, containerPort: {{ $port }}}
          readinessProbe:
            tcpSocket: {port: main}
            periodSeconds: 5
          volumeMounts:
            - {name: data, mountPath: {{ index . 4 }}}
          {{- index . 3 | nindent 10 }}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec:
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: {{ $own.size }}}}
{{- end -}}
