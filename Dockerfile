# One image for every role: the command names them. Node runs the sources; there is nothing to build.
FROM node:24-bookworm-slim
WORKDIR /plumbline
COPY package.json package-lock.json ./
RUN npm ci --omit=dev && npm cache clean --force
COPY . .
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
ENTRYPOINT ["node", "bin/plumbline.js"]
CMD ["serve"]
